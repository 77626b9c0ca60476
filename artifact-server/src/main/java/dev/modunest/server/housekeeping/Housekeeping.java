package dev.modunest.server.housekeeping;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.RetentionStore.Expiring;
import dev.modunest.server.metrics.Metrics;

import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Keeps partitions and retention at start and every interval after, on one thread; of several
 * servers one changes partitions at a time.
 */
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** What one round left to the next: partitions whose lock was held. */
    public record Round(int postponed) {}

    private final Database database;
    private final HousekeepingConfig config;
    private final RetentionConfig retention;
    private final Partitions partitions;
    private final InstantSource clock;
    private final Gauge lastRound =
            Gauge.build(
                            "modunest_housekeeping_last_round_seconds",
                            "When a round of housekeeping last left nothing to the next, Unix time.")
                    .create();
    private final Counter unfinished =
            Counter.build(
                            "modunest_housekeeping_unfinished_total",
                            "Rounds of housekeeping that failed or left something to the next.")
                    .create();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("housekeeping").factory());

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
    public Housekeeping start(Metrics metrics) {
        metrics.add(lastRound);
        metrics.add(unfinished);
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::attempt, 0, config.interval().toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void attempt() {
        try {
            Round round = run();
            if (round.postponed() > 0) {
                unfinished.inc();
            } else {
                lastRound.set((double) clock.instant().getEpochSecond());
            }
        } catch (DatabaseException failed) {
            unfinished.inc();
            LOG.warn("housekeeping goes on in {}", config.interval(), failed);
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

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
