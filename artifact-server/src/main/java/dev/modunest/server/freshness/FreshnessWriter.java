package dev.modunest.server.freshness;

import dev.modunest.db.Database;
import dev.modunest.db.WriterLock;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.TimestampMetadata;
import dev.modunest.server.periodic.Job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes the repository while this server has the lock for it, and waits for the lock otherwise. On
 * a thread of its own; {@link #wake} may be called from any.
 */
final class FreshnessWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FreshnessWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final long interval;
    private final Upkeep.Parts parts;
    private final Supplier<Optional<WriterLock>> lock;
    private final Job job;
    private final Semaphore work = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;
    private volatile Optional<Instant> stamped = Optional.empty();

    /**
     * @param job hears of every new timestamp, whoever writes it
     */
    FreshnessWriter(Upkeep.Parts parts, Supplier<Optional<WriterLock>> lock, Job job) {
        this.interval = parts.config().interval().toNanos();
        this.parts = parts;
        this.lock = lock;
        this.job = job;
        this.thread = Thread.ofVirtual().name("freshness-writer").start(this::run);
    }

    /** The index may have changed. */
    void wake() {
        work.release();
    }

    /** When the timestamp that is public was written; empty before there is one. */
    Optional<Instant> stamped() {
        return stamped;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            try {
                if (!writeWhileHeld()) {
                    look();
                    awaitWork();
                }
                pause = FIRST_PAUSE;
            } catch (InterruptedException stopping) {
                LOG.trace("stopping", stopping);
            } catch (Throwable failed) {
                pause = failed(failed, pause);
            }
        }
    }

    /** False when another server has the lock. */
    private boolean writeWhileHeld() throws InterruptedException, IOException {
        Optional<WriterLock> taken = lock.get();
        if (taken.isEmpty()) {
            return false;
        }
        try (WriterLock held = taken.get()) {
            Upkeep upkeep = Upkeep.begin(parts);
            while (!closing) {
                held.requireHeld();
                long begun = System.nanoTime();
                boolean more = upkeep.next();
                look();
                TimeUnit.NANOSECONDS.sleep(interval - (System.nanoTime() - begun));
                if (!more) {
                    awaitWork();
                }
            }
            return true;
        }
    }

    /** Whoever writes the timestamp, each new one is a sign that somebody does. */
    private void look() {
        Database database = parts.database();
        Optional<Instant> now =
                database.read(tx -> tx.freshness().writtenAt(RolePath.of(TimestampMetadata.ROLE)));
        if (!now.equals(stamped)) {
            stamped = now;
            job.succeeded();
        }
    }

    private void awaitWork() throws InterruptedException {
        if (work.tryAcquire(interval, TimeUnit.NANOSECONDS)) {
            work.drainPermits();
        }
    }

    private Duration failed(Throwable failed, Duration pause) {
        if (closing) {
            return pause;
        }
        job.failed(failed);
        try {
            Thread.sleep(pause);
        } catch (InterruptedException stopping) {
            LOG.trace("stopping", stopping);
        }
        Duration longer = pause.multipliedBy(2);
        return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            boolean _ = thread.join(STOP);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
