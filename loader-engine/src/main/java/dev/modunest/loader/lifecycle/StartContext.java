package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.MissingServiceException;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.PluginConfigService;
import dev.modunest.loader.PluginContext;
import dev.modunest.loader.PluginEnvironmentService;
import dev.modunest.loader.config.PluginConfig;

import java.util.List;
import java.util.Optional;

/**
 * What a starting plugin is given: its own service table, those of what it requires, what it is
 * configured with, and what it may know of host and users.
 */
record StartContext(
        Coordinate coordinate,
        ServiceTable own,
        List<RunningPlugin> required,
        Optional<PluginAuthentication> authentication,
        PluginConfig config,
        PluginEnvironmentService environment,
        OwnedResources resources)
        implements PluginContext, AutoCloseable {

    @Override
    public <T> void provide(Class<T> type, T service) {
        own.provide(type, service);
    }

    @Override
    public <T> T service(Class<T> type) {
        return findService(type)
                .orElseThrow(
                        () ->
                                new MissingServiceException(
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

    @Override
    public PluginConfigService configuration() {
        return config;
    }

    @Override
    public <T extends AutoCloseable> T closing(T resource) {
        return resources.add(resource);
    }

    @Override
    public Thread startThread(String name, Runnable code) {
        return resources.startThread(name, code);
    }

    /** Takes back what was given; nothing of it can be used any more. */
    @Override
    public void close() {
        own.clear();
        authentication.ifPresent(PluginAuthentication::close);
        config.close();
    }
}
