package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.lifecycle.PluginTask.Arrival;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One plan being carried out: what its tasks share. Thread-safe while it runs. */
final class LoadRun {

    private final Permits permits;
    private final Supply supply;
    private final Starter starter;
    private final RunningPlugins running;
    private final Consumer<PluginReport> onOutcome;
    private final Map<Coordinate, CompletableFuture<Arrival>> arrivals = new LinkedHashMap<>();

    LoadRun(
            Permits permits,
            Supply supply,
            Starter starter,
            RunningPlugins running,
            Consumer<PluginReport> onOutcome) {
        this.permits = permits;
        this.supply = supply;
        this.starter = starter;
        this.running = running;
        this.onOutcome = onOutcome;
    }

    /** Carries out {@code plan}, which has been checked, and reports in its order. */
    List<PluginReport> execute(Plan plan) throws InterruptedException {
        running.list().forEach(plugin -> arrivals.put(plugin.coordinate(), there(plugin)));
        List<Runnable> tasks = new ArrayList<>();
        for (Plan.Step step : plan.steps()) {
            Optional<RunningPlugin> present = running.find(step.coordinate().plugin());
            if (present.isEmpty()) {
                PluginTask task = new PluginTask(step, this);
                arrivals.put(step.coordinate(), task.arrival());
                tasks.add(task);
            } else if (!present.get().coordinate().equals(step.coordinate())) {
                arrivals.put(step.coordinate(), outOfPlace(step, present.get()));
            }
        }
        LoadScope.runAll(tasks);
        return plan.steps().stream()
                .map(step -> arrivalOf(step.coordinate()).join().report())
                .toList();
    }

    private static CompletableFuture<Arrival> there(RunningPlugin plugin) {
        PluginReport report =
                new PluginReport(
                        plugin.coordinate(), new Outcome.Loaded(plugin.times(), plugin.trust()), 0);
        return CompletableFuture.completedFuture(new Arrival.Up(plugin, report));
    }

    private static CompletableFuture<Arrival> outOfPlace(Plan.Step step, RunningPlugin present) {
        Outcome outcome =
                new Outcome.Failed(
                        Outcome.Stage.ISOLATE,
                        "other-release-running",
                        present.coordinate() + " runs already: close the engine to change releases",
                        List.of());
        return CompletableFuture.completedFuture(
                new Arrival.Down(
                        List.of(step.coordinate()),
                        new PluginReport(step.coordinate(), outcome, 0)));
    }

    CompletableFuture<Arrival> arrivalOf(Coordinate release) {
        CompletableFuture<Arrival> arrival = arrivals.get(release);
        if (arrival == null) {
            throw new IllegalStateException(release + " is not in the checked plan");
        }
        return arrival;
    }

    Permits permits() {
        return permits;
    }

    Supply supply() {
        return supply;
    }

    Starter starter() {
        return starter;
    }

    void register(RunningPlugin plugin) {
        running.add(plugin);
    }

    void announce(PluginReport report) {
        onOutcome.accept(report);
    }
}
