package dev.modunest.loader;

/**
 * What a plugin takes of its host.
 *
 * @param classes that have been defined
 * @param classBytes of their class files; their metaspace grows with it
 * @param jarBytes of its artifact, which are kept for classes and resources to come
 * @param openResources that it gave to the engine to close, and threads of it that run
 * @param leases that are held on it
 */
public record PluginUsage(
        long classes, long classBytes, long jarBytes, int openResources, int leases) {}
