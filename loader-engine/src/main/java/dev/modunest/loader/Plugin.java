package dev.modunest.loader;

/**
 * The entry point of a plugin, named by {@code entry_point} in its manifest: a public class with a
 * public constructor without parameters. Both methods are called by the engine, once each, {@code
 * stop} only after {@code start} has returned.
 */
public interface Plugin {

    /**
     * Makes the plugin ready. Everything that it requires has started; what it throws fails it and
     * its dependents.
     */
    void start(PluginContext context) throws Exception;

    /** Releases what {@link #start} took. Dependents have stopped before. */
    default void stop() throws Exception {}
}
