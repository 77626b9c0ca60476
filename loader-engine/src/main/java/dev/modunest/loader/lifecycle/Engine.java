package dev.modunest.loader.lifecycle;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolvePolicy;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoadedPlugin;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.auth.HostTokens;
import dev.modunest.loader.fetch.ArtifactSource;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.fetch.JarFiles;
import dev.modunest.loader.isolate.HostView;
import dev.modunest.loader.resolve.Installation;
import dev.modunest.loader.resolve.JarReleases;
import dev.modunest.loader.resolve.Planner;
import dev.modunest.loader.trust.ReleaseTrust;
import dev.modunest.loader.trust.Trust;
import dev.modunest.loader.verify.Verifier;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The engine: one composition of the stages, and the plugins that run in it. Thread-safe. */
final class Engine implements PluginLoader {

    /** What runs cannot be exchanged by a load. */
    private static final ResolvePolicy KEEP_RUNNING =
            new ResolvePolicy(false, Optional.empty(), ResolvePolicy.Preference.INSTALLED);

    private final LoaderOptions options;
    private final HttpTransport transport;
    private final Registries registries;
    private final Planner planner;
    private final Trust trust;
    private final TrustWatch watch;
    private final Permits permits;
    private final Starter starter;
    private final RunningPlugins running = new RunningPlugins();
    private final LoadTurn turn = new LoadTurn();

    Engine(LoaderOptions options) {
        LoaderOptions.HostOptions host = options.host();
        this.options = options;
        this.transport = HostTokens.transport(options);
        this.registries = new Registries(transport, options.fetch().maxArtifactBytes());
        this.planner = new Planner(options);
        this.trust = new Trust(options.trust(), transport);
        this.watch = new TrustWatch(options, trust, turn, running);
        this.permits = new Permits(options.permits());
        this.starter =
                new Starter(
                        new HostView(host.classLoader(), host.packages()),
                        host.adapter(),
                        options.identity().users(),
                        options.startDeadline());
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
                    Installation installed = Installation.read(directory);
                    Optional<URI> registry = options.registry().or(installed::registry);
                    if (installed.plan().isPresent()) {
                        long begin = System.nanoTime();
                        ArtifactSource source = registries.artifacts(registry, directory);
                        return execute(installed.plan().get(), registry, source, begin);
                    }
                    if (!installed.requirements().isEmpty()) {
                        return load(installed.requirements(), registry, directory);
                    }
                    return loadJars(directory, registry);
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

    private LoadReport loadJars(Path directory, Optional<URI> registry)
            throws InterruptedException {
        long begin = System.nanoTime();
        JarReleases jars = JarReleases.in(directory);
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
        PlanOrder.check(
                plan,
                running.list().stream()
                        .map(RunningPlugin::coordinate)
                        .collect(Collectors.toUnmodifiableSet()));
        ReleaseTrust known = trust.refresh(registry);
        Verifier verifier = new Verifier(ArchiveLimits.DEFAULT, options.host().version(), known);
        int before = running.list().size();
        LoadRun run =
                new LoadRun(
                        permits,
                        new Supply(source, verifier),
                        starter,
                        running,
                        options.onOutcome());
        try {
            List<PluginReport> reports = run.execute(plan);
            known.save();
            watch.over(registry);
            return new LoadReport(reports, Duration.ofNanos(System.nanoTime() - begin));
        } catch (InterruptedException cancelled) {
            running.stopAfter(before, options.stopDeadline());
            throw cancelled;
        }
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
            running.stopAfter(0, options.stopDeadline());
            transport.close();
        }
    }
}
