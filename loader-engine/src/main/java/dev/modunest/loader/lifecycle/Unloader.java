package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.PluginLifecycleHooks;
import dev.modunest.loader.UnloadedPlugin;
import dev.modunest.loader.isolate.PluginClassLoader;
import dev.modunest.loader.unload.CollectionProof;
import dev.modunest.loader.unload.Leftovers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Stops plugins, takes back what they had, and sees to their classes going away. Thread-safe. */
final class Unloader {

    private final Hooks hooks;
    private final Events events;
    private final RunningPlugins running;
    private final Duration stopDeadline;
    private final CollectionProof proof = new CollectionProof();

    Unloader(Hooks hooks, Events events, RunningPlugins running, Duration stopDeadline) {
        this.hooks = hooks;
        this.events = events;
        this.running = running;
        this.stopDeadline = stopDeadline;
    }

    /**
     * Stops {@code going}, the last that started first, and unloads them, whatever they do. After
     * an interruption of the caller the rest gets no more time than it takes to interrupt it.
     *
     * @param going in the order of start
     * @param total for all of them together
     * @return what hooks threw, one line each
     */
    List<String> unload(List<RunningPlugin> going, Duration total) {
        List<String> failures = new ArrayList<>();
        long begin = System.nanoTime();
        boolean interrupted = false;
        for (RunningPlugin plugin : going.reversed()) {
            Duration rest = LeaseGate.rest(total, begin);
            Duration bound =
                    interrupted || rest.isZero()
                            ? Duration.ofMillis(1)
                            : rest.compareTo(stopDeadline) < 0 ? rest : stopDeadline;
            interrupted |= Thread.interrupted();
            interrupted |= !unload(plugin, bound, failures);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        settled(proof.poll());
        return failures;
    }

    /** Whether the caller was not interrupted meanwhile. */
    private boolean unload(RunningPlugin plugin, Duration bound, List<String> failures) {
        Coordinate release = plugin.coordinate();
        boolean whole = false;
        try {
            hooks.tell("beforeStop", release, failures, PluginLifecycleHooks::beforeStop);
            plugin.stop(bound);
            hooks.tell("afterStop", release, failures, PluginLifecycleHooks::afterStop);
            hooks.tell("beforeUnload", release, failures, PluginLifecycleHooks::beforeUnload);
            whole = true;
        } catch (InterruptedException cancelled) {
            whole = false;
        } finally {
            release(plugin);
        }
        try {
            hooks.tell("afterUnload", release, failures, PluginLifecycleHooks::afterUnload);
            return whole;
        } catch (InterruptedException cancelled) {
            return false;
        }
    }

    private void release(RunningPlugin plugin) {
        PluginClassLoader loader = plugin.classLoader();
        List<String> closed = new ArrayList<>(plugin.context().resources().close());
        plugin.context().close();
        closed.addAll(Leftovers.close(loader));
        loader.close();
        running.remove(plugin);
        plugin.gate().end();
        proof.watch(plugin.coordinate(), loader, closed);
    }

    /** Asks the garbage collector, and says what became of those whose fate was open. */
    List<UnloadedPlugin> settle(Duration atMost) throws InterruptedException {
        List<UnloadedPlugin> all = proof.settle(atMost);
        settled(all);
        return all;
    }

    private void settled(List<UnloadedPlugin> plugins) {
        plugins.forEach(plugin -> events.tell(new LoaderEvent.Unloaded(plugin)));
    }
}
