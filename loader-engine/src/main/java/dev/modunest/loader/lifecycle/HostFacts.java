package dev.modunest.loader.lifecycle;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginEnvironmentService;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What one plugin may know of the host. */
record HostFacts(
        PluginId plugin, Optional<Version> hostVersion, LoaderOptions.PluginOptions options)
        implements PluginEnvironmentService {

    @Override
    public Environment environment() {
        return options.environment();
    }

    @Override
    public Optional<String> fact(String name) {
        return Optional.ofNullable(options.facts().get(name));
    }

    @Override
    public Path dataDirectory() throws IOException {
        Path all =
                options.dataDirectory()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "this host gives plugins no folders"));
        return Files.createDirectories(
                all.resolve(plugin.namespace()).resolve(plugin.name()).toAbsolutePath());
    }
}
