package dev.modunest.loader.lifecycle;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoadingSlot;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginDependencyResolver;
import dev.modunest.loader.PluginReport;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Who waits for which plugin, and the slots of loads, for the engine and for its host. */
final class Dependencies implements PluginDependencyResolver {

    private final RunningPlugins running;
    private final LoadingSlots slots;
    private final Batch batch;
    private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

    /** Carries a plan out. */
    @FunctionalInterface
    interface Batch {
        LoadReport load(Plan plan) throws InterruptedException;
    }

    /** One call that waits; there are as many as threads of the host that do. */
    private static final class Waiter {

        private final PluginId wanted;
        private final CompletableFuture<LoadedPlugin> arrival = new CompletableFuture<>();

        Waiter(PluginId wanted) {
            this.wanted = wanted;
        }
    }

    Dependencies(RunningPlugins running, LoadingSlots slots, Batch batch) {
        this.running = running;
        this.slots = slots;
        this.batch = batch;
    }

    @Override
    public LoadedPlugin waitForDependency(PluginId dependency, Duration atMost)
            throws InterruptedException, TimeoutException {
        Waiter waiter = new Waiter(dependency);
        waiting.add(waiter);
        try {
            running.find(dependency).ifPresent(waiter.arrival::complete);
            return waiter.arrival.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            Throwable why = Objects.requireNonNullElse(failed.getCause(), failed);
            throw new LoaderException(
                    "dependency-failed", dependency + " does not run: " + why.getMessage(), why);
        } finally {
            waiting.remove(waiter);
        }
    }

    @Override
    public void notifyPluginLoaded(LoadedPlugin plugin) {
        for (Waiter waiter : waiting) {
            if (waiter.wanted.equals(plugin.coordinate().plugin())) {
                waiter.arrival.complete(plugin);
            }
        }
    }

    /** Wakes those who wait for a plugin that will not come. */
    void notifyPluginFinished(PluginReport report) {
        if (report.outcome() instanceof Outcome.Loaded) {
            return; // they have been woken
        }
        for (Waiter waiter : waiting) {
            if (waiter.wanted.equals(report.coordinate().plugin())) {
                waiter.arrival.completeExceptionally(new IllegalStateException(why(report)));
            }
        }
    }

    private static String why(PluginReport report) {
        return switch (report.outcome()) {
            case Outcome.Failed failed -> failed.code() + ": " + failed.reason();
            case Outcome.Skipped skipped ->
                    "what it requires does not run: "
                            + String.join(
                                    " -> ",
                                    skipped.chain().stream().map(Object::toString).toList());
            case Outcome.Loaded _ -> "it runs";
        };
    }

    @Override
    public LoadingSlot acquireLoadingSlot(LoadingSlot.Kind kind, long bytes)
            throws InterruptedException {
        return slots.acquire(kind, bytes, 0);
    }

    @Override
    public void releaseLoadingSlot(LoadingSlot slot) {
        slot.close();
    }

    @Override
    public LoadReport batchLoadPlugins(Plan plan) throws InterruptedException {
        return batch.load(plan);
    }
}
