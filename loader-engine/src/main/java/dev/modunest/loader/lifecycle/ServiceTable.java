package dev.modunest.loader.lifecycle;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The services that one plugin offers, by type. Thread-safe. */
final class ServiceTable {

    private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();

    <T> void provide(Class<T> type, T service) {
        if (services.putIfAbsent(type, type.cast(service)) != null) {
            throw new IllegalStateException("it already offers a service of " + type.getName());
        }
    }

    <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(services.get(type)).map(type::cast);
    }

    void clear() {
        services.clear();
    }
}
