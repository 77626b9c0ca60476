package dev.modunest.server;

import dev.modunest.db.Database;
import dev.modunest.db.OutboxListener;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.attest.Attestor;
import dev.modunest.server.attest.RegistryLog;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.ca.CertificateEndpoint;
import dev.modunest.server.ca.PkiEndpoint;
import dev.modunest.server.ca.RevocationLists;
import dev.modunest.server.ceremony.Evaluation;
import dev.modunest.server.freshness.Freshness;
import dev.modunest.server.freshness.FreshnessEndpoint;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.timestamp.TimeStampEndpoint;
import dev.modunest.server.timestamp.TimeStamping;
import dev.modunest.server.transparency.LogEndpoint;
import dev.modunest.server.transparency.LogKeys;
import dev.modunest.server.transparency.Transparency;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.witness.WitnessEndpoint;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Wires what certifies, stamps, signs, logs and tells the latest, in the order in which it needs
 * each other; closed in reverse.
 */
final class Attesting implements AutoCloseable {

    private final ServerConfig config;
    private final TrustDirectory trust;
    private final Database database;
    private final ArtifactStore store;
    private final Jobs jobs;
    private final InstantSource clock;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Freshness freshness;
    private final TimeStamping stamps;
    private final Attestor attestor;
    private final Transparency log;
    private final RegistryLog acts;

    Attesting(
            ServerConfig config,
            TrustDirectory trust,
            Database database,
            ArtifactStore store,
            Jobs jobs,
            Metrics metrics,
            InstantSource clock) {
        this.config = config;
        this.trust = trust;
        this.database = database;
        this.store = store;
        this.jobs = jobs;
        this.clock = clock;
        this.freshness =
                closing(
                        new Freshness(
                                new Freshness.Config(config.freshness(), config.database()),
                                trust,
                                database,
                                jobs,
                                metrics,
                                clock));
        try {
            this.stamps = new TimeStamping(trust, config.trust().tsaPolicy(), clock);
            this.attestor = new Attestor(trust.names(), trust.registry(), stamps::stamp);
            this.log = closing(openLog(metrics));
            this.acts = new RegistryLog(attestor, log);
        } catch (RuntimeException failed) {
            freshness.close();
            throw failed;
        }
    }

    /** The keys, made at the first start of a trial. */
    static TrustDirectory open(ServerConfig config, InstantSource clock) {
        Evaluation.prepare(config.trust(), clock);
        return TrustDirectory.open(
                config.trust().directory(),
                config.trust().name(),
                System.getenv(),
                clock.instant());
    }

    private Transparency openLog(Metrics metrics) {
        LogKeys keys =
                LogKeys.of(
                        trust.log().origin(),
                        trust.log().ed25519(),
                        trust.log().ecdsa(),
                        trust.log().mlDsa44());
        return new Transparency(
                new Transparency.Config(
                        config.transparency(), config.witnesses(), config.database()),
                keys,
                attestor.genesis(keys.origin(), clock.instant().truncatedTo(ChronoUnit.SECONDS)),
                database,
                store,
                jobs,
                metrics,
                clock);
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    Freshness freshness() {
        return freshness;
    }

    Attestor attestor() {
        return attestor;
    }

    Transparency log() {
        return log;
    }

    RegistryLog acts() {
        return acts;
    }

    /** What other servers tell by. */
    Map<OutboxListener.Signal, Runnable> signals() {
        return log.signals();
    }

    /** What is asked for of it; once. */
    Trust endpoints(PluginAuthService auth, Mutations mutations) {
        RevocationLists lists =
                closing(new RevocationLists(config.trust(), trust, database, jobs, clock));
        return new Trust(
                new CertificateEndpoint(
                        config.trust(), trust, lists, acts, database, auth, mutations, clock),
                new PkiEndpoint(trust, lists),
                new TimeStampEndpoint(stamps),
                new LogEndpoint(log, database, store, auth),
                new FreshnessEndpoint(freshness),
                new WitnessEndpoint(config.witness(), database, clock));
    }

    /** Closes all of it, whatever a part throws. */
    @Override
    public void close() {
        RuntimeException failures = new IllegalStateException("parts of trust did not close");
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failed) {
                failures.addSuppressed(failed);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }
}
