package dev.modunest.server.publish;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.trust.BuilderPolicy;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.attest.Attestor;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.name.NamesConfig;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.serial.SerialLog;
import dev.modunest.server.transparency.Transparency;
import dev.modunest.server.trust.RegistryActs;
import dev.modunest.server.trust.TrustDirectory;

import io.helidon.webserver.http.Handler;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Wires what publishes. */
public final class Publishing implements AutoCloseable {

    private final PublishEndpoint endpoint;
    private final PublishesEndpoint publishes;
    private final BundleEndpoint bundles;
    private final PublishStreams streams;
    private final PublishLeases leases;
    private final NamePolicy names;

    /** What can be set of publishing. */
    public record Config(
            UploadConfig upload,
            UploadConfig.Archive archive,
            PublishConfig publish,
            NamesConfig names) {}

    public Publishing(
            Config config,
            ArtifactStore store,
            Database database,
            ReleaseSource releases,
            PluginAuthService auth,
            TrustDirectory trust,
            Attestor attestor,
            Transparency log,
            RegistryActs acts,
            Mutations mutations,
            SerialLog serials,
            Jobs jobs,
            Metrics metrics,
            InstantSource clock) {
        PublishConfig bounds = config.publish();
        Admission receiving =
                admission(
                        "uploads",
                        config.upload().maxConcurrent(),
                        config.upload().maxPercentPerPublisher(),
                        config);
        Admission finishing =
                admission(
                        "publishes",
                        bounds.maxConcurrent(),
                        bounds.maxPercentPerPublisher(),
                        config);
        this.names = new NamePolicy(config.names(), database);
        BundleRules bundleRules =
                new BundleRules(
                        database,
                        new SignerRules(database, trust),
                        new LevelRules(
                                database,
                                new BuilderPolicy(
                                        trust.names().issuer(), Set.copyOf(bounds.builders())),
                                log.quorum()),
                        bounds.requireSignature());
        Attestation attestation = new Attestation(attestor, log, acts);
        PublishRules rules =
                new PublishRules(
                        database,
                        releases,
                        auth,
                        names,
                        bundleRules,
                        config.upload(),
                        bounds.maxIndex());
        Receiver receiver =
                new Receiver(store, config.upload(), config.archive().limits(), metrics);
        Finisher finisher =
                new Finisher(
                        rules, store, database, mutations, serials, attestation, metrics, clock);
        PublishQueue queue = new PublishQueue(bounds, receiver, finisher, metrics, clock);
        this.streams = new PublishStreams(bounds);
        this.leases = new PublishLeases(bounds, queue, finishing, database, jobs, clock);
        PublishService service =
                new PublishService(
                        rules,
                        new PublishService.Turns(receiving, finishing),
                        mutations,
                        receiver,
                        queue,
                        clock);
        this.endpoint = new PublishEndpoint(mutations, service, attestation, bounds, metrics);
        this.bundles = new BundleEndpoint(bundleRules, database, clock);
        this.publishes = new PublishesEndpoint(queue, database, streams);
        measure(metrics, "modunest_publish_admission", "Bodies received and waiting.", receiving);
        measure(metrics, "modunest_publish_queue", "Publishes verified and waiting.", finishing);
        metrics.gauge(
                "modunest_publish_followers",
                "Clients that follow a publish, and publishes that outlived their request.",
                "kind",
                () -> queue,
                Map.<String, ToDoubleFunction<PublishQueue>>of(
                        "streams", _ -> streams.open(), "detached", PublishQueue::size));
    }

    private static Admission admission(String what, int permits, int percent, Config config) {
        return new Admission(
                what,
                new Admission.Bounds(
                        permits,
                        Admission.Bounds.share(permits, percent),
                        config.publish().maxQueued(),
                        config.publish().maxQueuedPerPublisher(),
                        config.upload().maxWait()));
    }

    private static void measure(Metrics metrics, String name, String help, Admission admission) {
        metrics.gauge(
                name,
                help,
                "state",
                () -> admission,
                Map.<String, ToDoubleFunction<Admission>>of(
                        "running", Admission::inUse, "waiting", Admission::waiting));
    }

    /** {@code PUT /api/v1/plugins/{namespace}/{name}/{version}}. */
    public Handler put() {
        return endpoint::put;
    }

    /** {@code PUT /api/v1/plugins/{namespace}/{name}/{version}/bundle}. */
    public Handler putBundle() {
        return bundles::put;
    }

    /** {@code GET /api/v1/publishes/{id}}. */
    public Handler get() {
        return publishes::get;
    }

    /** {@code GET /api/v1/publishes}. */
    public Handler list() {
        return publishes::list;
    }

    /**
     * Throws {@link dev.modunest.server.problem.Rejection} when a new plugin may not have the name.
     */
    public void checkName(PluginId plugin, Account publisher) {
        names.check(plugin, publisher);
    }

    /** Another server has given publishes up. */
    public void takeUp() {
        leases.wake();
    }

    /** Ends the streams, which would hold the web server up. */
    public void endStreams() {
        streams.close();
    }

    /** What is not over goes on in another server, or in this one after its start. */
    @Override
    public void close() {
        streams.close();
        leases.close();
    }
}
