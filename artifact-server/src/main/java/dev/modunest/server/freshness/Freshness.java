package dev.modunest.server.freshness;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseConfig;
import dev.modunest.db.WriterLock;
import dev.modunest.format.tuf.write.OnlineSigners;
import dev.modunest.format.tuf.write.SigningTerms;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Job;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.SoleWriter;
import dev.modunest.server.serial.Change;
import dev.modunest.server.serial.Follower;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.trust.TufSigners;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Wires the repository of TUF, which follows the index. Thread-safe. */
public final class Freshness implements Follower, AutoCloseable {

    private static final Duration LOCK_ANSWER = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final FreshnessFiles files;
    private final SoleWriter writer;

    /** What can be set of it. */
    public record Config(FreshnessConfig freshness, DatabaseConfig database) {}

    /** Begins to write the repository when no other server does. */
    public Freshness(
            Config config,
            TrustDirectory trust,
            Database database,
            Jobs jobs,
            Metrics metrics,
            InstantSource clock) {
        this.files = new FreshnessFiles(config.freshness(), database);
        TufSigners keys = trust.tuf();
        Job job = jobs.watch("freshness", SigningTerms.DEFAULT.timestamp().renewal());
        UpkeepWork work =
                new UpkeepWork(
                        new Upkeep.Parts(
                                config.freshness(),
                                new OnlineSigners(keys.snapshot(), keys.timestamp(), keys.bins()),
                                trust.revocations()
                                        .map(signer -> new RevocationsSigner(signer, clock)),
                                new SignedFolder(trust.file("tuf")),
                                new IndexDocument(trust.names()),
                                database,
                                clock),
                        job);
        this.writer =
                new SoleWriter(
                        "freshness-writer",
                        new SoleWriter.Pace(config.freshness().interval(), LONGEST_PAUSE),
                        () ->
                                WriterLock.tryTake(
                                        WriterLock.Subject.FRESHNESS,
                                        config.database(),
                                        LOCK_ANSWER),
                        work,
                        job);
        metrics.gauge(
                "modunest_tuf_timestamp_age_seconds",
                "Age of the timestamp of TUF that everybody may see, as this server knows it.",
                "state",
                work::stamped,
                Map.<String, ToDoubleFunction<Optional<Instant>>>of(
                        "published", at -> age(at, clock.instant())));
        metrics.gauge(
                "modunest_tuf_last_batch_timestamp_seconds",
                "When the last batch of files of TUF was written, Unix time.",
                "state",
                work::stamped,
                Map.<String, ToDoubleFunction<Optional<Instant>>>of(
                        "published",
                        at -> at.map(time -> (double) time.getEpochSecond()).orElse(Double.NaN)));
    }

    private static double age(Optional<Instant> at, Instant now) {
        return at.map(time -> Duration.between(time, now).toMillis() / 1000.0).orElse(Double.NaN);
    }

    FreshnessFiles files() {
        return files;
    }

    @Override
    public void changed(Change change) {
        writer.wake();
    }

    @Override
    public void everythingChanged() {
        writer.wake();
    }

    @Override
    public void close() {
        writer.close();
    }
}
