package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.Outcome.Stage;
import dev.modunest.loader.PluginLifecycleHooks;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.lifecycle.PluginTask.Arrival;
import dev.modunest.loader.lifecycle.Supply.Supplied;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One plan being carried out: what its tasks share. Thread-safe while it runs. */
final class LoadRun {

    private final Tools tools;
    private final Supplier supplier;
    private final Map<PluginId, SavedState> states;
    private final Observer observer;
    private final long beginNanos;
    private final Map<Coordinate, CompletableFuture<Arrival>> arrivals = new HashMap<>();

    /** What every run of an engine uses. */
    record Tools(LoadingSlots slots, Starter starter, Hooks hooks) {}

    /** Brings verified bytes. */
    @FunctionalInterface
    interface Supplier {
        Supplied obtain(Planned planned, int rank) throws StageException, InterruptedException;
    }

    /** Who is told, by the threads of the tasks. */
    interface Observer {

        /** It has started, and its dependents may. */
        void started(RunningPlugin plugin);

        void finished(PluginReport report);
    }

    LoadRun(
            Tools tools,
            Supplier supplier,
            Map<PluginId, SavedState> states,
            Observer observer,
            long beginNanos) {
        this.tools = tools;
        this.supplier = supplier;
        this.states = Map.copyOf(states);
        this.observer = observer;
        this.beginNanos = beginNanos;
    }

    /**
     * Loads {@code coming}, each after what it requires, and reports in that order.
     *
     * @param present what runs already; a plugin of it in another release fails its step
     */
    List<PluginReport> execute(List<Planned> coming, List<RunningPlugin> present)
            throws InterruptedException {
        Map<PluginId, RunningPlugin> there = new HashMap<>();
        for (RunningPlugin plugin : present) {
            there.put(plugin.coordinate().plugin(), plugin);
            arrivals.put(plugin.coordinate(), up(plugin));
        }
        Map<Coordinate, PluginTask> tasks = new HashMap<>();
        List<Plan.Step> steps = new ArrayList<>(coming.size());
        for (Planned planned : coming) {
            steps.add(planned.step());
        }
        CriticalPath path = new CriticalPath(steps);
        for (Planned planned : coming) {
            RunningPlugin running = there.get(planned.coordinate().plugin());
            if (running == null) {
                PluginTask task = new PluginTask(planned, path.rankOf(planned.coordinate()), this);
                arrivals.put(planned.coordinate(), task.arrival());
                tasks.put(planned.coordinate(), task);
            } else if (!running.coordinate().equals(planned.coordinate())) {
                arrivals.put(planned.coordinate(), outOfPlace(planned, running));
            }
        }
        try (StartPace.Watch _ = tools.slots().pace().begin()) {
            LoadScope.runAll(inOrder(path.mostUrgentFirst(), tasks));
        }
        List<PluginReport> reports = new ArrayList<>(coming.size());
        for (Planned planned : coming) {
            reports.add(arrivalOf(planned.coordinate()).join().report());
        }
        return reports;
    }

    private static List<Runnable> inOrder(
            List<Plan.Step> steps, Map<Coordinate, PluginTask> tasks) {
        List<Runnable> ordered = new ArrayList<>(tasks.size());
        for (Plan.Step step : steps) {
            PluginTask task = tasks.get(step.coordinate());
            if (task != null) {
                ordered.add(task);
            }
        }
        return ordered;
    }

    private static CompletableFuture<Arrival> up(RunningPlugin plugin) {
        PluginReport report =
                new PluginReport(
                        plugin.coordinate(), new Outcome.Loaded(plugin.times(), plugin.trust()), 0);
        return CompletableFuture.completedFuture(new Arrival.Up(plugin, report));
    }

    private static CompletableFuture<Arrival> outOfPlace(Planned planned, RunningPlugin present) {
        Outcome outcome =
                new Outcome.Failed(
                        Outcome.Stage.ISOLATE,
                        "other-release-running",
                        present.coordinate()
                                + " runs already: apply a lock to change what runs, a load adds to"
                                + " it",
                        List.of());
        return CompletableFuture.completedFuture(
                new Arrival.Down(
                        List.of(planned.coordinate()),
                        new PluginReport(planned.coordinate(), outcome, 0)));
    }

    CompletableFuture<Arrival> arrivalOf(Coordinate release) {
        CompletableFuture<Arrival> arrival = arrivals.get(release);
        if (arrival == null) {
            throw new IllegalStateException(release + " is not in the checked plan");
        }
        return arrival;
    }

    Supplied obtain(Planned planned, int rank) throws StageException, InterruptedException {
        return supplier.obtain(planned, rank);
    }

    Optional<SavedState> stateFor(PluginId plugin) {
        return Optional.ofNullable(states.get(plugin));
    }

    LoadingSlots slots() {
        return tools.slots();
    }

    Starter starter() {
        return tools.starter();
    }

    Hooks hooks() {
        return tools.hooks();
    }

    long beginNanos() {
        return beginNanos;
    }

    /**
     * Lets the host have a look, then everybody.
     *
     * @throws StageException when a hook refuses it; it has been stopped then
     */
    void register(RunningPlugin plugin) throws StageException, InterruptedException {
        boolean accepted = false;
        try {
            hooks().require(
                            Stage.START,
                            "afterStart",
                            plugin.coordinate(),
                            PluginLifecycleHooks::afterStart);
            accepted = true;
        } finally {
            if (!accepted) {
                tools.starter().undo(plugin);
            }
        }
        observer.started(plugin);
    }

    void announce(PluginReport report) {
        observer.finished(report);
    }
}
