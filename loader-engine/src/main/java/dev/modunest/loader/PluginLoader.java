package dev.modunest.loader;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Loads plugins into this JVM and runs them until it is closed. Thread-safe; loads happen one after
 * the other.
 */
public interface PluginLoader extends AutoCloseable {

    /** Opens an engine. Nothing is asked for before the first load. */
    static PluginLoader open(LoaderOptions options) {
        return ServiceLoader.load(Provider.class, PluginLoader.class.getClassLoader())
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the jar of the loader is incomplete: META-INF/services is"
                                                + " missing"))
                .open(options);
    }

    /**
     * Resolves {@code requirements} against the registry and loads the plan.
     *
     * @throws LoaderException when there is no plan
     * @throws InterruptedException when the calling thread is interrupted or the engine closed;
     *     what this load had started has been stopped
     */
    LoadReport load(List<Requirement> requirements) throws InterruptedException;

    /**
     * Loads {@code plan}; its artifacts come from the cache or the registry.
     *
     * @throws LoaderException when the plan has a cycle or names a release that it lacks
     */
    LoadReport load(Plan plan) throws InterruptedException;

    /**
     * Loads what {@code directory} holds: its {@code modunest.lock.json}, else the requirements of
     * its {@code modunest.json}, else the plugin jars that lie in it.
     */
    LoadReport loadDirectory(Path directory) throws InterruptedException;

    /**
     * Ends the load or exchange under way: its plugins that have started are stopped within a
     * second, and what ran before runs on. Nothing happens when there is none.
     */
    void cancel();

    /** Waiting for plugins, and the budget of loads. */
    PluginDependencyResolver dependencies();

    /**
     * Loads {@code plugin} and what requires it anew, from the same bytes, while the rest serves.
     *
     * @throws LoaderException {@code not-running}
     */
    ExchangeReport reload(PluginId plugin) throws InterruptedException;

    /**
     * Stops {@code plugin} and what requires it, and unloads their classes. What became of them is
     * told as {@link LoaderEvent.Unloaded}.
     *
     * @throws LoaderException {@code not-running}
     */
    ExchangeReport unload(PluginId plugin) throws InterruptedException;

    /**
     * What became of the plugins that were unloaded: waits at most {@code atMost} for the garbage
     * collector, which it calls up to five times.
     */
    List<UnloadedPlugin> unloaded(Duration atMost) throws InterruptedException;

    /** What runs as a whole, by its lock. */
    PluginGenerations generations();

    /** The state of plugins as files. */
    PluginStates states();

    /**
     * Loads the plugin jars of {@code folder} and loads anew what changes there, until the returned
     * watch is closed. For development.
     *
     * @throws LoaderException when the folder cannot be read or holds no jar
     */
    DevelopmentWatch develop(Path folder) throws InterruptedException;

    /** Sees to a folder of jars. */
    interface DevelopmentWatch extends AutoCloseable {

        /** What the first load did. */
        LoadReport report();

        @Override
        void close();
    }

    /**
     * The right to use {@code plugin} for one call. While it is being exchanged this waits for the
     * one that takes its place, at most {@link LoaderOptions.ReloadOptions#lease}.
     *
     * @throws LoaderException {@code not-running}, or {@code lease-deadline}
     */
    PluginLease lease(PluginId plugin) throws InterruptedException;

    /** The running release of {@code plugin}; use {@link #lease} where it may be exchanged. */
    Optional<LoadedPlugin> plugin(PluginId plugin);

    /** What runs, in the order of start. */
    List<LoadedPlugin> plugins();

    /**
     * Cancels a load under way, stops the plugins in the reverse order of their start and closes
     * their class loaders.
     */
    @Override
    void close();

    /** Found by {@link ServiceLoader}; the engine in this jar is the one there is. */
    interface Provider {
        PluginLoader open(LoaderOptions options);
    }
}
