package dev.modunest.loader;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Manifest;

import java.util.Optional;

/** A plugin that runs, as its host sees it. Thread-safe. */
public interface LoadedPlugin {

    Coordinate coordinate();

    Manifest manifest();

    /** The loader of its classes; closed with the engine. */
    ClassLoader classLoader();

    /** The service of {@code type} that it offers by {@link PluginContext#provide}. */
    <T> Optional<T> service(Class<T> type);

    /** What it takes of the host at the moment. */
    PluginUsage usage();
}
