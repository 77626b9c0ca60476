package dev.modunest.loader;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Loads plugins into this JVM and runs them until it is closed. Thread-safe; loads happen one after
 * the other.
 */
public interface PluginLoader extends AutoCloseable {

    /**
     * Opens an engine.
     *
     * @throws UnsupportedOperationException when this JVM cannot run it; the message is one
     *     sentence that says what to do
     */
    static PluginLoader open(LoaderOptions options) {
        SupportedJvm.require();
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

    /** The running release of {@code plugin}. */
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
