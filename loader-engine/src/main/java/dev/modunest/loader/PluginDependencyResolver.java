package dev.modunest.loader;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Waiting for plugins, and the budget that loading them is held to; the engine's own loads go
 * through it. {@code docs/loader/dependencies.md} has examples. Thread-safe.
 */
public interface PluginDependencyResolver {

    /**
     * Waits until {@code dependency} runs. Nothing is polled: who waits is woken by {@link
     * #notifyPluginLoaded}.
     *
     * @throws LoaderException {@code dependency-failed} when a load that has it ends without it,
     *     with the chain that leads to the cause
     * @throws TimeoutException when it has not come within {@code atMost}
     */
    LoadedPlugin waitForDependency(PluginId dependency, Duration atMost)
            throws InterruptedException, TimeoutException;

    /**
     * Wakes those who wait for {@code plugin}. The engine calls it for each plugin that has
     * started; a host calls it for what it brings itself under the name of a plugin.
     */
    void notifyPluginLoaded(LoadedPlugin plugin);

    /**
     * Waits for a part of the budget. Hold it while there is work, never while waiting for another
     * plugin, and give it back.
     *
     * @param bytes what the work takes of the memory budget; 0 takes none, and more than the whole
     *     budget takes all of it
     */
    LoadingSlot acquireLoadingSlot(LoadingSlot.Kind kind, long bytes) throws InterruptedException;

    /** Gives {@code slot} back; a second time does nothing. */
    void releaseLoadingSlot(LoadingSlot slot);

    /**
     * Carries out {@code plan}: what is ready is worked on side by side within the budget, and of
     * that what most others wait for goes first.
     *
     * @throws LoaderException when the plan has a cycle or names a release that it lacks
     */
    LoadReport batchLoadPlugins(Plan plan) throws InterruptedException;
}
