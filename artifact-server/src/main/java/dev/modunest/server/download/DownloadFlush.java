package dev.modunest.server.download;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.DownloadStore.Count;
import dev.modunest.format.Digest;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Counts what this process has sent and writes it to the index every period and at its end. A batch
 * whose commit is in doubt is tried again under its number, so that it counts once.
 */
public final class DownloadFlush implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DownloadFlush.class);

    /** Sources of counts that are origins: each start is one. */
    private static final String PREFIX = "origin:";

    private static final Duration FORGET_AFTER = Duration.ofDays(1);

    private final String source = PREFIX + UUID.randomUUID();
    private final DownloadCounter counter;
    private final Database database;
    private final InstantSource clock;
    private final Periodic flushing;
    private List<Count> pending = List.of();
    private long sequence;

    public DownloadFlush(
            DownloadsConfig config,
            Database database,
            Jobs jobs,
            Metrics metrics,
            InstantSource clock) {
        this.counter = new DownloadCounter(config.maxDistinct(), clock);
        this.database = database;
        this.clock = clock;
        metrics.counter(
                "modunest_downloads_dropped_total",
                "Downloads that were not counted.",
                Map.of("reason", "max-distinct"),
                counter::dropped);
        this.flushing = jobs.start("download-flush", config.flush(), config.flush(), this::flush);
    }

    void count(Digest digest) {
        counter.count(digest);
    }

    private synchronized void flush() {
        if (pending.isEmpty()) {
            pending = counter.take();
            sequence++;
        }
        if (!pending.isEmpty()) {
            write(clock.instant());
            pending = List.of();
        }
    }

    private void write(Instant now) {
        database.inTransaction(
                tx -> {
                    if (sequence == 1) {
                        tx.downloads().forgetSources(PREFIX, now.minus(FORGET_AFTER));
                    }
                    return tx.downloads().add(source, sequence, pending, now);
                });
    }

    @Override
    public void close() {
        flushing.close();
        try {
            // What waited for the index first, then what was counted meanwhile.
            flush();
            flush();
        } catch (DatabaseException failed) {
            LOG.warn("counts of downloads are lost with this process", failed);
        }
    }
}
