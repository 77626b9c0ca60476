package dev.modunest.server.housekeeping;

import dev.modunest.db.Database;
import dev.modunest.db.RetentionStore.Expiring;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;

import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Keeps partitions and retention soon after the start and every interval after, on one thread; of
 * several servers one changes partitions at a time.
 */
public final class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private static final Duration MOST_DELAY = Duration.ofSeconds(5);

    /** More than the leeway that is given to the clocks of others. */
    private static final Duration AFTER_EXPIRY = Duration.ofHours(1);

    /** What one round left to the next: partitions whose table was locked for too long. */
    public record Round(int postponed) {}

    private final Database database;
    private final HousekeepingConfig config;
    private final RetentionConfig retention;
    private final Partitions partitions;
    private final InstantSource clock;
    private final Gauge lastRound =
            Gauge.build(
                            "modunest_housekeeping_last_round_timestamp_seconds",
                            "When a round of housekeeping last left nothing to the next, Unix time.")
                    .create();
    private final Counter unfinished =
            Counter.build(
                            "modunest_housekeeping_unfinished_total",
                            "Rounds of housekeeping that failed or left something to the next.")
                    .create();

    public Housekeeping(
            HousekeepingConfig config,
            PartitionsConfig partitions,
            RetentionConfig retention,
            Database database,
            InstantSource clock) {
        this.database = database;
        this.config = config;
        this.retention = retention;
        this.partitions =
                new Partitions(database, partitions, retention, config.deleteBatch(), clock);
        this.clock = clock;
    }

    /** Begins, and tells {@code metrics} of its rounds. */
    public Periodic start(Jobs jobs, Metrics metrics) {
        metrics.add(lastRound);
        metrics.add(unfinished);
        return jobs.start("housekeeping", firstDelay(), config.interval(), this::attempt);
    }

    /** By chance, so that servers that start together do not go on at the same time ever after. */
    private Duration firstDelay() {
        long most = Math.min(MOST_DELAY.toMillis(), config.interval().toMillis() / 20);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
    }

    private void attempt() {
        boolean finished = false;
        try {
            finished = run().postponed() == 0;
        } finally {
            if (finished) {
                lastRound.set((double) clock.instant().getEpochSecond());
            } else {
                unfinished.inc();
            }
        }
    }

    /** One round, on the caller's thread. */
    public Round run() {
        int postponed = partitions.run();
        for (Expiring rows : Expiring.values()) {
            delete(rows, clock.instant().minus(kept(rows)));
        }
        return new Round(postponed);
    }

    private Duration kept(Expiring rows) {
        return switch (rows) {
            case PUBLISHES -> retention.publishes();
            case IDEMPOTENCY_KEYS -> retention.idempotencyKeys();
            case DOWNLOAD_SOURCES -> retention.downloadSources();
            case USED_ASSERTIONS, ENROLMENTS, SIGN_INS, DEVICE_CODES -> AFTER_EXPIRY;
            case SESSIONS -> retention.sessions();
            case UPLOADED_BUNDLES -> retention.uploadedBundles();
        };
    }

    private void delete(Expiring rows, Instant before) {
        int batch;
        long deleted = 0;
        do {
            batch =
                    database.inTransaction(
                            tx -> tx.retention().delete(rows, before, config.deleteBatch()));
            deleted += batch;
        } while (batch == config.deleteBatch() && !Thread.currentThread().isInterrupted());
        if (deleted > 0) {
            LOG.info("{} rows of {} are deleted, their time is over", deleted, rows.table());
        }
    }
}
