package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.ExchangeReport.Result;
import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginLifecycleHooks;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.lifecycle.Supply.Supplied;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Puts other plugins in the place of running ones, all of them or none. What comes is fetched and
 * verified while the former serve; then newcomers wait, those who use the former are waited for,
 * state is saved, and what comes starts beside them. Only when all of it runs do the former stop.
 */
final class Exchange {

    /** What a cancelled exchange may take to undo what it did. */
    static final Duration UNDO = Duration.ofSeconds(1);

    private final LoadRun.Tools tools;
    private final RunningPlugins running;
    private final Unloader unloader;
    private final Events events;
    private final LoaderOptions options;

    Exchange(
            LoadRun.Tools tools,
            RunningPlugins running,
            Unloader unloader,
            Events events,
            LoaderOptions options) {
        this.tools = tools;
        this.running = running;
        this.unloader = unloader;
        this.events = events;
        this.options = options;
    }

    /**
     * What is wanted.
     *
     * @param target all that is to run, each after what it requires
     * @param anew what is loaded again although it is the same
     * @param states handed over in place of what the former have
     */
    record Wanted(List<Planned> target, Set<PluginId> anew, Map<PluginId, SavedState> states) {}

    /** Cannot go on, and why. */
    private static final class UndoneException extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient Result.RolledBack result;
        private final transient List<PluginReport> reports;

        UndoneException(String code, String reason, List<PluginReport> reports) {
            super(reason);
            this.result = new Result.RolledBack(code, reason);
            this.reports = reports;
        }
    }

    /** One exchange under way. */
    private record Sides(
            List<RunningPlugin> kept, List<RunningPlugin> going, List<Planned> coming) {}

    ExchangeReport run(Wanted wanted, LoadRun.Supplier supplier) throws InterruptedException {
        long begin = System.nanoTime();
        Sides sides = sides(wanted);
        List<Coordinate> former = sides.going().stream().map(RunningPlugin::coordinate).toList();
        events.tell(
                new LoaderEvent.ExchangeBegan(
                        former, sides.coming().stream().map(Planned::coordinate).toList()));
        List<String> hookFailures = new ArrayList<>();
        Pause pause = new Pause(sides.going());
        Result result = new Result.Done();
        List<PluginReport> reports = List.of();
        try {
            for (Coordinate plugin : former) {
                tools.hooks()
                        .tell(
                                "beforeReload",
                                plugin,
                                hookFailures,
                                PluginLifecycleHooks::beforeReload);
            }
            Map<Coordinate, Supplied> supplied = supply(sides, supplier);
            reports = swap(sides, wanted, supplied, pause, begin);
            hookFailures.addAll(unloader.unload(sides.going(), Duration.ofDays(1)));
        } catch (UndoneException undone) {
            result = undone.result;
            reports = undone.reports;
        } finally {
            pause.end();
        }
        for (Coordinate plugin : result instanceof Result.Done ? present(sides) : former) {
            tools.hooks()
                    .tell("afterReload", plugin, hookFailures, PluginLifecycleHooks::afterReload);
        }
        ExchangeReport report =
                new ExchangeReport(
                        result,
                        former,
                        reports,
                        hookFailures,
                        Duration.ofNanos(System.nanoTime() - begin),
                        pause.length());
        events.tell(new LoaderEvent.ExchangeEnded(report));
        return report;
    }

    private static List<Coordinate> present(Sides sides) {
        return sides.coming().stream().map(Planned::coordinate).toList();
    }

    /** What stays is the same bytes, wired to what stays. */
    private Sides sides(Wanted wanted) {
        Map<Coordinate, RunningPlugin> there = new HashMap<>();
        running.list().forEach(plugin -> there.put(plugin.coordinate(), plugin));
        Set<Coordinate> staying = new HashSet<>();
        List<Planned> coming = new ArrayList<>();
        for (Planned planned : wanted.target()) {
            RunningPlugin same = there.get(planned.coordinate());
            if (same != null
                    && same.planned().isSameAs(planned)
                    && !wanted.anew().contains(planned.coordinate().plugin())
                    && staying.containsAll(planned.step().requires())) {
                staying.add(planned.coordinate());
            } else {
                coming.add(planned);
            }
        }
        List<RunningPlugin> kept = new ArrayList<>();
        List<RunningPlugin> going = new ArrayList<>();
        for (RunningPlugin plugin : running.list()) {
            (staying.contains(plugin.coordinate()) ? kept : going).add(plugin);
        }
        return new Sides(kept, going, coming);
    }

    /** Brings the bytes of all that comes, while everything serves. */
    private Map<Coordinate, Supplied> supply(Sides sides, LoadRun.Supplier supplier)
            throws InterruptedException, UndoneException {
        Map<Coordinate, Supplied> supplied = new ConcurrentHashMap<>();
        Map<Coordinate, PluginReport> failed = new ConcurrentHashMap<>();
        List<Runnable> tasks = new ArrayList<>();
        for (Planned planned : sides.coming()) {
            tasks.add(
                    () -> {
                        try {
                            supplied.put(planned.coordinate(), supplier.obtain(planned, 0));
                        } catch (StageException refused) {
                            failed.put(
                                    planned.coordinate(),
                                    new PluginReport(planned.coordinate(), refused.failed(), 0));
                        } catch (InterruptedException cancelled) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }
        LoadScope.runAll(tasks);
        if (!failed.isEmpty()) {
            throw undone(
                    failed.values().stream()
                            .sorted(Comparator.comparing(PluginReport::coordinate))
                            .toList());
        }
        return supplied;
    }

    private List<PluginReport> swap(
            Sides sides, Wanted wanted, Map<Coordinate, Supplied> supplied, Pause pause, long begin)
            throws InterruptedException, UndoneException {
        pause.begin();
        drain(sides.going());
        Map<PluginId, SavedState> states = states(sides, wanted);
        Queue<RunningPlugin> started = new ConcurrentLinkedQueue<>();
        LoadRun run =
                new LoadRun(
                        tools,
                        (planned, _) -> get(supplied, planned),
                        states,
                        new Beside(started),
                        begin);
        boolean whole = false;
        try {
            List<PluginReport> reports = run.execute(sides.coming(), sides.kept());
            if (started.size() < sides.coming().size()) {
                throw undone(reports);
            }
            whole = true;
            running.exchange(sides.going(), List.copyOf(started));
            pause.pass();
            return reports;
        } finally {
            if (!whole) {
                unloader.unload(List.copyOf(started), UNDO);
            }
        }
    }

    /** What has started and nobody sees yet. */
    private record Beside(Queue<RunningPlugin> started) implements LoadRun.Observer {
        @Override
        public void started(RunningPlugin plugin) {
            started.add(plugin);
        }

        @Override
        public void finished(PluginReport report) {}
    }

    private static Supplied get(Map<Coordinate, Supplied> supplied, Planned planned) {
        Supplied found = supplied.get(planned.coordinate());
        if (found == null) {
            throw new IllegalStateException(planned.coordinate() + " has been supplied");
        }
        return found;
    }

    /** Waits until nobody uses any of them: who uses one may take up another until then. */
    private void drain(List<RunningPlugin> going) throws InterruptedException, UndoneException {
        long begin = System.nanoTime();
        Duration atMost = options.reload().drain();
        boolean used = true;
        while (used) {
            used = false;
            for (RunningPlugin plugin : going) {
                used |= plugin.gate().users() > 0;
                if (!plugin.gate().drain(LeaseGate.rest(atMost, begin))) {
                    throw new UndoneException(
                            "drain-deadline",
                            plugin.coordinate()
                                    + " is still used by "
                                    + plugin.gate().users()
                                    + " after "
                                    + atMost.toMillis()
                                    + " ms",
                            List.of());
                }
            }
        }
    }

    private Map<PluginId, SavedState> states(Sides sides, Wanted wanted)
            throws InterruptedException, UndoneException {
        Map<PluginId, SavedState> states = new HashMap<>(wanted.states());
        Set<PluginId> successors = new HashSet<>();
        sides.coming().forEach(planned -> successors.add(planned.coordinate().plugin()));
        StateTransfer transfer = new StateTransfer(options);
        for (RunningPlugin plugin : sides.going()) {
            PluginId id = plugin.coordinate().plugin();
            if (successors.contains(id) && !states.containsKey(id)) {
                try {
                    Optional<SavedState> saved = transfer.save(plugin);
                    saved.ifPresent(state -> states.put(id, state));
                } catch (StateTransfer.StateException refused) {
                    throw new UndoneException(
                            refused.code(), String.valueOf(refused.getMessage()), List.of());
                }
            }
        }
        return states;
    }

    private static UndoneException undone(List<PluginReport> reports) {
        for (PluginReport report : reports) {
            if (report.outcome() instanceof Outcome.Failed failed) {
                return new UndoneException(
                        failed.code(), report.coordinate() + ": " + failed.reason(), reports);
            }
        }
        return new UndoneException("cancelled", "it was cancelled", reports);
    }

    /** The time during which nobody may begin to use what is exchanged. Of one thread. */
    private static final class Pause {

        private final List<RunningPlugin> plugins;
        private long beganNanos;
        private long lengthNanos;
        private boolean closed;

        Pause(List<RunningPlugin> plugins) {
            this.plugins = plugins;
        }

        void begin() {
            beganNanos = System.nanoTime();
            closed = true;
            plugins.forEach(plugin -> plugin.gate().close(this));
        }

        /** Sends those who wait to the successors. */
        void pass() {
            plugins.forEach(plugin -> plugin.gate().end());
            measure();
        }

        /** Lets those who wait go on with the former, unless there are successors. */
        void end() {
            if (closed) {
                plugins.forEach(plugin -> plugin.gate().reopen());
                measure();
            }
        }

        private void measure() {
            closed = false;
            lengthNanos = System.nanoTime() - beganNanos;
        }

        Duration length() {
            return Duration.ofNanos(lengthNanos);
        }
    }
}
