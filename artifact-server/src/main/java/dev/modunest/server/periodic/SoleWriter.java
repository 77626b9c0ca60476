package dev.modunest.server.periodic;

import dev.modunest.db.WriterLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Writes something while this server has the lock for it, and waits for the lock otherwise; what
 * fails is begun again after a pause. On a thread of its own; {@link #wake} may be called from any.
 */
public final class SoleWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SoleWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Pace pace;
    private final Supplier<Optional<WriterLock>> lock;
    private final Work work;
    private final Job job;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;

    /** What is written. */
    public interface Work {

        /** Takes over from whoever wrote before. */
        Turn begin() throws Exception;

        /** Another server writes. */
        void lookOn() throws Exception;
    }

    /** This server's time as the writer. */
    @FunctionalInterface
    public interface Turn {

        /** Writes what there is, or a part of it; false when there was nothing. */
        boolean next() throws Exception;
    }

    /**
     * How often.
     *
     * @param interval longest time between two looks for work or for the lock
     * @param longestPause after failures, of which each doubles it
     */
    public record Pace(Duration interval, Duration longestPause) {}

    /**
     * Begins.
     *
     * @param lock empty when another server has it
     * @param job hears of failures; the work tells it of rounds that went well
     */
    public SoleWriter(
            String name, Pace pace, Supplier<Optional<WriterLock>> lock, Work work, Job job) {
        this.pace = pace;
        this.lock = lock;
        this.work = work;
        this.job = job;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** There may be work. */
    public void wake() {
        wanted.release();
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            try {
                if (!writeWhileHeld()) {
                    work.lookOn();
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
    private boolean writeWhileHeld() throws Exception {
        Optional<WriterLock> taken = lock.get();
        if (taken.isEmpty()) {
            return false;
        }
        try (WriterLock held = taken.get()) {
            Turn turn = work.begin();
            while (!closing) {
                held.requireHeld();
                if (!turn.next()) {
                    awaitWork();
                }
            }
            return true;
        }
    }

    private void awaitWork() throws InterruptedException {
        if (wanted.tryAcquire(pace.interval().toNanos(), TimeUnit.NANOSECONDS)) {
            wanted.drainPermits();
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
        return longer.compareTo(pace.longestPause()) < 0 ? longer : pace.longestPause();
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
