package dev.modunest.loader.lifecycle;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolvePolicy;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginDependencyResolver;
import dev.modunest.loader.PluginGenerations;
import dev.modunest.loader.PluginLease;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.PluginStates;
import dev.modunest.loader.UnloadedPlugin;
import dev.modunest.loader.auth.HostTokens;
import dev.modunest.loader.config.ConfigFolder;
import dev.modunest.loader.fetch.ArtifactSource;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.fetch.JarFiles;
import dev.modunest.loader.resolve.Installation;
import dev.modunest.loader.resolve.JarReleases;
import dev.modunest.loader.resolve.Planner;
import dev.modunest.loader.resolve.ReadPlan;
import dev.modunest.loader.trust.Trust;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The engine: one composition of the stages, and the plugins that run in it. Thread-safe. */
final class Engine implements PluginLoader {

    /** What runs cannot be exchanged by a load. */
    private static final ResolvePolicy KEEP_RUNNING =
            new ResolvePolicy(false, Optional.empty(), ResolvePolicy.Preference.INSTALLED);

    private final LoaderOptions options;
    private final HttpTransport transport;
    private final Registries registries;
    private final Planner planner;
    private final TrustWatch watch;
    private final ConfigFolder configuration;
    private final RunningPlugins running = new RunningPlugins();
    private final LoadTurn turn = new LoadTurn();
    private final Dependencies dependencies;
    private final Unloader unloader;
    private final Changes changes;
    private final Generations generations;

    Engine(LoaderOptions options) {
        this.options = options;
        this.transport = HostTokens.transport(options);
        this.registries = new Registries(transport, options.fetch());
        this.planner = new Planner(options);
        this.configuration = new ConfigFolder(options.plugins());
        Trust trust = new Trust(options.trust(), transport);
        Events events = new Events(options.observers().onEvent());
        Hooks hooks = new Hooks(options.observers().hooks(), options.deadlines().hook(), events);
        LoadingSlots slots = new LoadingSlots(options.budget());
        this.dependencies = new Dependencies(running, slots, this::load);
        this.unloader = new Unloader(hooks, events, running, options.deadlines().stop());
        this.changes =
                new Changes(
                        options,
                        trust,
                        new LoadRun.Tools(
                                slots, new Starter(options, configuration, slots.pace()), hooks),
                        running,
                        dependencies,
                        unloader,
                        events);
        this.generations = new Generations(options, turn, changes, registries);
        this.watch =
                new TrustWatch(
                        options.trust(),
                        trust,
                        turn,
                        running,
                        plugin -> {
                            List<RunningPlugin> going =
                                    running.withDependents(Set.of(plugin.plugin()));
                            unloader.unload(going, Duration.ofDays(1));
                            return going.reversed().stream()
                                    .map(RunningPlugin::coordinate)
                                    .toList();
                        });
    }

    @Override
    public LoadReport load(List<Requirement> requirements) throws InterruptedException {
        return turn.take(() -> load(requirements, options.registry(), options.cacheDirectory()));
    }

    @Override
    public LoadReport load(Plan plan) throws InterruptedException {
        return turn.take(
                () ->
                        execute(
                                plan,
                                options.registry(),
                                registries.artifacts(options.registry(), options.cacheDirectory()),
                                System.nanoTime()));
    }

    @Override
    public LoadReport loadDirectory(Path directory) throws InterruptedException {
        return turn.take(
                () -> {
                    long begin = System.nanoTime();
                    Optional<ReadPlan> locked = ReadPlan.of(directory);
                    if (locked.isPresent()) {
                        Optional<URI> from = options.registry().or(locked.get()::registry);
                        ArtifactSource source = registries.artifacts(from, directory);
                        return execute(locked.get().plan(), from, source, begin);
                    }
                    Installation installed = Installation.read(directory);
                    Optional<URI> registry = options.registry().or(installed::registry);
                    if (!installed.requirements().isEmpty()) {
                        return load(installed.requirements(), registry, directory);
                    }
                    return loadJars(directory, new HashMap<>(), registry);
                });
    }

    private LoadReport load(List<Requirement> requirements, Optional<URI> registry, Path cache)
            throws InterruptedException {
        long begin = System.nanoTime();
        ResolveRequest request =
                ResolveRequest.of(requirements)
                        .withInstalled(
                                running.list().stream().map(RunningPlugin::coordinate).toList())
                        .withPolicy(KEEP_RUNNING);
        Plan plan = planner.plan(registries.client(registry), request).plan();
        return execute(plan, registry, registries.artifacts(registry, cache), begin);
    }

    private LoadReport loadJars(
            Path directory, Map<Path, JarReleases.Seen> seen, Optional<URI> registry)
            throws InterruptedException {
        long begin = System.nanoTime();
        JarReleases jars = JarReleases.in(directory, seen);
        if (jars.files().isEmpty()) {
            throw new LoaderException(
                    "nothing-to-load",
                    directory
                            + " holds no modunest.lock.json, no modunest.json and no jar: install"
                            + " something into it");
        }
        return execute(planner.plan(jars), registry, new JarFiles(jars.files()), begin);
    }

    private LoadReport execute(Plan plan, Optional<URI> registry, ArtifactSource source, long begin)
            throws InterruptedException {
        LoadReport report = changes.load(plan, registry, source, begin);
        watch.over(registry);
        return report;
    }

    @Override
    public void cancel() {
        turn.cancel();
    }

    @Override
    public PluginDependencyResolver dependencies() {
        return dependencies;
    }

    @Override
    public ExchangeReport reload(PluginId plugin) throws InterruptedException {
        return turn.take(
                () -> changes.reload(Set.of(running.get(plugin).coordinate().plugin()), Map.of()));
    }

    @Override
    public ExchangeReport unload(PluginId plugin) throws InterruptedException {
        return turn.take(() -> changes.unload(Set.of(running.get(plugin).coordinate().plugin())));
    }

    @Override
    public List<UnloadedPlugin> unloaded(Duration atMost) throws InterruptedException {
        return unloader.settle(atMost);
    }

    @Override
    public PluginGenerations generations() {
        return generations;
    }

    @Override
    public PluginStates states() {
        return new States(options, turn, running, changes);
    }

    @Override
    public DevelopmentWatch develop(Path folder) throws InterruptedException {
        return Development.begin(
                folder,
                (jars, seen) -> turn.take(() -> loadJars(jars, seen, options.registry())),
                planner,
                turn,
                changes);
    }

    @Override
    public PluginLease lease(PluginId plugin) throws InterruptedException {
        return Lease.take(plugin, running, options.reload().lease());
    }

    @Override
    public Optional<LoadedPlugin> plugin(PluginId plugin) {
        return running.find(plugin).map(found -> found);
    }

    @Override
    public List<LoadedPlugin> plugins() {
        return List.copyOf(running.list());
    }

    @Override
    public void close() {
        watch.close();
        if (turn.end()) {
            unloader.unload(running.list(), Duration.ofDays(1));
            configuration.close();
            transport.close();
        }
    }
}
