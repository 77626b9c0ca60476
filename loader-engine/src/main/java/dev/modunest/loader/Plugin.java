package dev.modunest.loader;

import java.util.Optional;
import java.util.Set;

/**
 * The entry point of a plugin, named by {@code entry_point} in its manifest: a public class with a
 * public constructor without parameters. {@code start} and {@code stop} are called by the engine,
 * once each, {@code stop} only after {@code start} has returned.
 */
public interface Plugin {

    /**
     * Makes the plugin ready. Everything that it requires has started; what it throws fails it and
     * its dependents.
     */
    void start(PluginContext context) throws Exception;

    /**
     * Services that the required plugins must offer. The engine looks for them before {@link
     * #start}: a plugin that lacks one fails with {@code service-missing} and the type's name.
     */
    default Set<Class<?>> requiredServices() {
        return Set.of();
    }

    /** What is handed over when the plugin is exchanged; empty when it has no state. */
    default Optional<PluginState> state() {
        return Optional.empty();
    }

    /** Releases what {@link #start} took. Dependents have stopped before. */
    default void stop() throws Exception {}
}
