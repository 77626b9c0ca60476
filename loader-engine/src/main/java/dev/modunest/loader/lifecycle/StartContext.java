package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.PluginContext;

import java.util.List;
import java.util.Optional;

/**
 * What a starting plugin is given: its own service table, those of what it requires, and what it
 * may know of users.
 */
record StartContext(
        Coordinate coordinate,
        ServiceTable own,
        List<RunningPlugin> required,
        Optional<PluginAuthentication> authentication)
        implements PluginContext {

    @Override
    public <T> void provide(Class<T> type, T service) {
        own.provide(type, service);
    }

    @Override
    public <T> T service(Class<T> type) {
        return findService(type)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "none of the plugins that "
                                                + coordinate
                                                + " requires offers a "
                                                + type.getName()
                                                + ", asked: "
                                                + required.stream()
                                                        .map(RunningPlugin::coordinate)
                                                        .toList()));
    }

    @Override
    public <T> Optional<T> findService(Class<T> type) {
        return required.stream().flatMap(plugin -> plugin.service(type).stream()).findFirst();
    }
}
