package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.LoadingSlot;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginLifecycleHooks;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.StageTimes;
import dev.modunest.loader.isolate.PluginClassLoader;
import dev.modunest.loader.lifecycle.Supply.Supplied;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The way of one plugin through a load, on a virtual thread of its own. */
final class PluginTask implements Runnable {

    private final Planned planned;
    private final int rank;
    private final LoadRun run;
    private final CompletableFuture<Arrival> arrival = new CompletableFuture<>();
    private long networkBytes;

    PluginTask(Planned planned, int rank, LoadRun run) {
        this.planned = planned;
        this.rank = rank;
        this.run = run;
    }

    /** What dependents wait for. */
    sealed interface Arrival {

        PluginReport report();

        record Up(RunningPlugin plugin, PluginReport report) implements Arrival {}

        /**
         * It will not run.
         *
         * @param chain from this plugin to the one that failed
         */
        record Down(List<Coordinate> chain, PluginReport report) implements Arrival {
            public Down {
                chain = List.copyOf(chain);
            }
        }
    }

    /** A required plugin does not run. */
    private static final class DependencyDown extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient List<Coordinate> chain;

        DependencyDown(List<Coordinate> chain) {
            super(chain.toString());
            this.chain = chain;
        }
    }

    CompletableFuture<Arrival> arrival() {
        return arrival;
    }

    @Override
    public void run() {
        Arrival result = down(failed("engine-error", "the engine failed"));
        try {
            result = load();
        } catch (StageException failed) {
            result = down(failed.failed());
        } catch (DependencyDown skipped) {
            result = down(new Outcome.Skipped(skipped.chain));
        } catch (InterruptedException cancelled) {
            result = down(failed("cancelled", "the load was cancelled"));
        } finally {
            arrival.complete(result);
        }
        run.announce(result.report());
    }

    private static Outcome.Failed failed(String code, String reason) {
        return new Outcome.Failed(Outcome.Stage.START, code, reason, List.of());
    }

    private Arrival load() throws StageException, DependencyDown, InterruptedException {
        long begin = System.nanoTime();
        Supplied supplied = run.obtain(planned, rank);
        networkBytes = supplied.networkBytes();
        List<RunningPlugin> required = awaitRequired();
        RunningPlugin plugin =
                run.slots()
                        .holding(
                                LoadingSlot.Kind.START,
                                0,
                                rank,
                                () -> start(supplied, required, begin));
        return new Arrival.Up(plugin, report(new Outcome.Loaded(plugin.times(), plugin.trust())));
    }

    /** What the plugin is wired to. No slot is held here, and the thread is woken once. */
    private List<RunningPlugin> awaitRequired() throws DependencyDown, InterruptedException {
        List<CompletableFuture<Arrival>> awaited = new ArrayList<>();
        boolean allThere = true;
        for (Coordinate dependency : planned.step().requires()) {
            CompletableFuture<Arrival> coming = run.arrivalOf(dependency);
            awaited.add(coming);
            allThere &= coming.isDone();
        }
        try {
            if (!allThere) {
                CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new)).get();
            }
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("arrivals do not fail", impossible);
        }
        List<RunningPlugin> required = new ArrayList<>();
        for (CompletableFuture<Arrival> dependency : awaited) {
            Arrival there = dependency.join();
            if (there instanceof Arrival.Down down) {
                throw new DependencyDown(down.chain());
            }
            required.add(((Arrival.Up) there).plugin());
        }
        return required;
    }

    private RunningPlugin start(Supplied supplied, List<RunningPlugin> required, long begin)
            throws StageException, InterruptedException {
        long ready = System.nanoTime();
        PluginClassLoader loader = run.starter().isolate(supplied.artifact(), required);
        long defined = System.nanoTime();
        run.hooks()
                .require(
                        Outcome.Stage.START,
                        "beforeStart",
                        planned.coordinate(),
                        PluginLifecycleHooks::beforeStart);
        RunningPlugin started =
                run.starter()
                        .start(
                                planned,
                                supplied.artifact(),
                                loader,
                                required,
                                run.stateFor(planned.coordinate().plugin()));
        Duration work = supplied.fetch().plus(supplied.verify());
        RunningPlugin plugin =
                started.withTimes(
                        new StageTimes(
                                Duration.ofNanos(begin - run.beginNanos()),
                                supplied.fetch(),
                                supplied.verify(),
                                Duration.ofNanos(ready - begin).minus(work),
                                Duration.ofNanos(defined - ready),
                                Duration.ofNanos(System.nanoTime() - defined)));
        run.register(plugin);
        return plugin;
    }

    private Arrival down(Outcome outcome) {
        List<Coordinate> chain = new ArrayList<>(List.of(planned.coordinate()));
        if (outcome instanceof Outcome.Skipped skipped) {
            chain.addAll(skipped.chain());
        }
        return new Arrival.Down(chain, report(outcome));
    }

    private PluginReport report(Outcome outcome) {
        return new PluginReport(planned.coordinate(), outcome, networkBytes);
    }
}
