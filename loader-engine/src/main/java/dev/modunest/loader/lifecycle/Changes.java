package dev.modunest.loader.lifecycle;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.Outcome.Stage;
import dev.modunest.loader.PluginLifecycleHooks;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.fetch.ArtifactSource;
import dev.modunest.loader.lifecycle.Supply.Supplied;
import dev.modunest.loader.trust.ReleaseTrust;
import dev.modunest.loader.trust.Trust;
import dev.modunest.loader.verify.Inspections;
import dev.modunest.loader.verify.Verifier;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Everything that changes what runs: loads, which add to it, and exchanges. One at a time. */
final class Changes {

    private final LoaderOptions options;
    private final Trust trust;
    private final LoadRun.Tools tools;
    private final RunningPlugins running;
    private final Dependencies dependencies;
    private final Unloader unloader;
    private final Events events;
    private Optional<URI> registry; // of the last load
    private @Nullable Inspections inspections; // from the first load on

    Changes(
            LoaderOptions options,
            Trust trust,
            LoadRun.Tools tools,
            RunningPlugins running,
            Dependencies dependencies,
            Unloader unloader,
            Events events) {
        this.options = options;
        this.trust = trust;
        this.tools = tools;
        this.running = running;
        this.dependencies = dependencies;
        this.unloader = unloader;
        this.events = events;
        this.registry = options.registry();
    }

    /** Adds what {@code plan} names to what runs. */
    LoadReport load(Plan plan, Optional<URI> from, ArtifactSource source, long begin)
            throws InterruptedException {
        return trust.remembering(() -> add(plan, from, source, begin));
    }

    private LoadReport add(Plan plan, Optional<URI> from, ArtifactSource source, long begin)
            throws InterruptedException {
        registry = from;
        List<Planned> coming = planned(plan, source, runningReleases());
        List<Coordinate> releases = new ArrayList<>(coming.size());
        for (Planned planned : coming) {
            releases.add(planned.coordinate());
        }
        events.tell(new LoaderEvent.LoadBegan(releases));
        ReleaseTrust known = trust.refresh(registry);
        Queue<RunningPlugin> started = new ConcurrentLinkedQueue<>();
        LoadRun run = new LoadRun(tools, supplier(known), Map.of(), new Adding(started), begin);
        try {
            List<PluginReport> reports = run.execute(coming, running.list());
            known.save();
            inspections().save();
            LoadReport report =
                    new LoadReport(reports, Duration.ofNanos(System.nanoTime() - begin));
            events.tell(new LoaderEvent.LoadEnded(report));
            return report;
        } catch (InterruptedException cancelled) {
            unloader.unload(List.copyOf(started), Exchange.UNDO);
            throw cancelled;
        }
    }

    /** What a load does with what has started. */
    private final class Adding implements LoadRun.Observer {

        private final Queue<RunningPlugin> started;

        Adding(Queue<RunningPlugin> started) {
            this.started = started;
        }

        @Override
        public void started(RunningPlugin plugin) {
            started.add(plugin);
            running.add(plugin);
            dependencies.notifyPluginLoaded(plugin);
        }

        @Override
        public void finished(PluginReport report) {
            dependencies.notifyPluginFinished(report);
            events.tell(new LoaderEvent.PluginFinished(report));
            options.observers().onOutcome().accept(report);
        }
    }

    private Set<Coordinate> runningReleases() {
        Set<Coordinate> releases = new HashSet<>();
        for (RunningPlugin plugin : running.list()) {
            releases.add(plugin.coordinate());
        }
        return releases;
    }

    private static List<Planned> planned(
            Plan plan, ArtifactSource source, Set<Coordinate> present) {
        List<Planned> planned = new ArrayList<>(plan.steps().size());
        for (Plan.Step step : PlanOrder.check(plan, present)) {
            planned.add(new Planned(step, source));
        }
        return planned;
    }

    private Inspections inspections() {
        Inspections known = inspections;
        if (known == null) {
            known = Inspections.in(options.inspectionsFile(), ArchiveLimits.DEFAULT);
            inspections = known;
        }
        return known;
    }

    private LoadRun.Supplier supplier(ReleaseTrust known) {
        Supply supply =
                new Supply(
                        new Verifier(
                                ArchiveLimits.DEFAULT,
                                options.host().version(),
                                known,
                                inspections()),
                        tools.slots(),
                        options.deadlines().verify());
        return (planned, rank) -> {
            Coordinate release = planned.coordinate();
            tools.hooks()
                    .require(Stage.FETCH, "beforeLoad", release, PluginLifecycleHooks::beforeLoad);
            Supplied supplied = supply.obtain(planned, rank);
            tools.hooks()
                    .require(Stage.VERIFY, "afterLoad", release, PluginLifecycleHooks::afterLoad);
            return supplied;
        };
    }

    /** Makes {@code plan} all that runs. */
    ExchangeReport become(Plan plan, ArtifactSource source) throws InterruptedException {
        return exchange(new Exchange.Wanted(planned(plan, source, Set.of()), Set.of(), Map.of()));
    }

    /**
     * Puts what {@code plan} names in the place of what {@code replaced} holds; the rest stays.
     *
     * @param replaced plugins that were there on account of an earlier such plan
     */
    ExchangeReport replace(Set<PluginId> replaced, Plan plan, ArtifactSource source)
            throws InterruptedException {
        Map<Coordinate, Planned> all = new HashMap<>();
        List<Plan.Step> steps = new ArrayList<>();
        Set<PluginId> coming = new HashSet<>(replaced);
        plan.steps().forEach(step -> coming.add(step.coordinate().plugin()));
        for (RunningPlugin plugin : running.list()) {
            if (!coming.contains(plugin.coordinate().plugin())) {
                all.put(plugin.coordinate(), plugin.planned());
                steps.add(plugin.planned().step());
            }
        }
        for (Plan.Step step : plan.steps()) {
            all.put(step.coordinate(), new Planned(step, source));
            steps.add(step);
        }
        List<Planned> target = new ArrayList<>();
        for (Plan.Step step : PlanOrder.check(new Plan(steps), Set.of())) {
            Planned planned = all.get(step.coordinate());
            if (planned != null) {
                target.add(planned);
            }
        }
        return exchange(new Exchange.Wanted(target, Set.of(), Map.of()));
    }

    /** Loads plugins and what requires them anew. */
    ExchangeReport reload(Set<PluginId> plugins, Map<PluginId, SavedState> states)
            throws InterruptedException {
        List<Planned> target = running.list().stream().map(RunningPlugin::planned).toList();
        return exchange(new Exchange.Wanted(target, plugins, states));
    }

    /** Stops plugins and what requires them. */
    ExchangeReport unload(Set<PluginId> plugins) throws InterruptedException {
        List<RunningPlugin> going = running.withDependents(plugins);
        List<Planned> target =
                running.list().stream()
                        .filter(plugin -> !going.contains(plugin))
                        .map(RunningPlugin::planned)
                        .toList();
        return exchange(new Exchange.Wanted(target, Set.of(), Map.of()));
    }

    private ExchangeReport exchange(Exchange.Wanted wanted) throws InterruptedException {
        return trust.remembering(() -> swap(wanted));
    }

    private ExchangeReport swap(Exchange.Wanted wanted) throws InterruptedException {
        ReleaseTrust known = trust.refresh(registry);
        ExchangeReport report =
                new Exchange(tools, running, unloader, events, options)
                        .run(wanted, supplier(known));
        if (report.done()) {
            known.save();
            inspections().save();
            running.list().forEach(dependencies::notifyPluginLoaded);
        }
        return report;
    }
}
