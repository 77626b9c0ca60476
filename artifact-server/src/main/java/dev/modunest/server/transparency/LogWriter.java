package dev.modunest.server.transparency;

import dev.modunest.db.WriterLock;
import dev.modunest.server.periodic.Job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes the log while this server has the lock for it, and waits for the lock otherwise. On a
 * thread of its own; {@link #wake} may be called from any.
 */
final class LogWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final LogConfig config;
    private final Writing.Parts parts;
    private final Supplier<Optional<WriterLock>> lock;
    private final LogHead head;
    private final Job job;
    private final Semaphore work = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;

    LogWriter(Writing.Parts parts, Supplier<Optional<WriterLock>> lock, LogHead head, Job job) {
        this.config = parts.config();
        this.parts = parts;
        this.lock = lock;
        this.head = head;
        this.job = job;
        this.thread = Thread.ofVirtual().name("log-writer").start(this::run);
    }

    /** There may be leaves. */
    void wake() {
        work.release();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            try {
                if (!writeWhileHeld()) {
                    job.succeeded();
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
    private boolean writeWhileHeld() throws InterruptedException {
        Optional<WriterLock> taken = lock.get();
        if (taken.isEmpty()) {
            return false;
        }
        try (WriterLock held = taken.get()) {
            Writing writing = Writing.begin(parts);
            while (!closing) {
                held.requireHeld();
                boolean wrote = writing.next();
                job.succeeded();
                if (wrote) {
                    head.refresh();
                } else {
                    awaitWork();
                }
            }
            return true;
        }
    }

    private void awaitWork() throws InterruptedException {
        if (work.tryAcquire(config.maxInterval().toNanos(), TimeUnit.NANOSECONDS)) {
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
        return longer.compareTo(config.maxInterval()) < 0 ? longer : config.maxInterval();
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
