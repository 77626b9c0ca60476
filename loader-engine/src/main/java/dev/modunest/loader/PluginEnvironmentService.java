package dev.modunest.loader;

import dev.modunest.format.Version;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a plugin may know of its host: nothing but this. {@code docs/loader/environment.md} has an
 * example. Thread-safe.
 */
public interface PluginEnvironmentService {

    /** What the host is used for. */
    enum Environment {
        DEVELOPMENT,
        STAGING,
        PRODUCTION
    }

    Environment environment();

    /** The version that the {@code host} ranges of plugins are held against. */
    Optional<Version> hostVersion();

    /** A fact that the host shares with plugins, by its name. */
    Optional<String> fact(String name);

    /**
     * A folder for the files of this plugin alone, made when it is first asked for. It stays when
     * the plugin is unloaded or exchanged.
     *
     * @throws IOException when it cannot be made
     * @throws IllegalStateException when the host gives plugins no folders
     */
    Path dataDirectory() throws IOException;
}
