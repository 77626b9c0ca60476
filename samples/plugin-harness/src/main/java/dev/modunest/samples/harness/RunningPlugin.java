package dev.modunest.samples.harness;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One started plugin and the context that it was given. */
final class RunningPlugin implements PluginContext {

    private final PluginJar jar;
    private final WiredClassLoader loader;
    private final List<RunningPlugin> required;
    private final Map<Class<?>, Object> services = new HashMap<>();
    private @Nullable Plugin plugin;

    RunningPlugin(PluginJar jar, WiredClassLoader loader, List<RunningPlugin> required) {
        this.jar = jar;
        this.loader = loader;
        this.required = List.copyOf(required);
    }

    void start() throws Exception {
        Optional<String> entryPoint = jar.manifest().entryPoint();
        if (entryPoint.isPresent()) {
            Class<?> type = loader.loadClass(entryPoint.get());
            Plugin started = (Plugin) type.getConstructor().newInstance();
            started.start(this);
            plugin = started;
        }
    }

    void stop() throws Exception {
        try (loader) {
            if (plugin != null) {
                plugin.stop();
            }
        }
    }

    WiredClassLoader loader() {
        return loader;
    }

    List<String> exports() {
        return jar.manifest().exports();
    }

    @Override
    public Coordinate coordinate() {
        return jar.manifest().coordinate();
    }

    @Override
    public synchronized <T> void provide(Class<T> type, T service) {
        if (services.putIfAbsent(type, service) != null) {
            throw new IllegalStateException(coordinate() + " already offers " + type.getName());
        }
    }

    synchronized <T> Optional<T> offered(Class<T> type) {
        return Optional.ofNullable(services.get(type)).map(type::cast);
    }

    @Override
    public <T> T service(Class<T> type) {
        return findService(type)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "no plugin that "
                                                + coordinate()
                                                + " requires offers "
                                                + type.getName()));
    }

    @Override
    public <T> Optional<T> findService(Class<T> type) {
        return required.stream().flatMap(each -> each.offered(type).stream()).findFirst();
    }
}
