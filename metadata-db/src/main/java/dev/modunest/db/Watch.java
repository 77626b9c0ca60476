package dev.modunest.db;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A virtual thread that does a round again and again: after a while, or when it is woken. */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** One round; it bounds its own waits. Run by one thread. */
    interface Round extends AutoCloseable {

        /** Does it and tells how long to wait for the next unless woken. */
        long nanosToNext(long periodNanos);

        @Override
        void close();
    }

    private final Round round;
    private final long periodNanos;
    private final Thread thread;
    private volatile boolean closed;

    private Watch(String name, Duration period, Round round) {
        this.round = round;
        this.periodNanos = period.toNanos();
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    static Watch start(String name, Duration period, Round round) {
        Watch watch = new Watch(name, period, round);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (round) {
            while (!closed) {
                // A wake-up during the round is kept: the park then returns at once.
                LockSupport.parkNanos(nanosToNext());
            }
        }
    }

    /** What is no answer of the server, such as a want of memory, ends no more than the round. */
    private long nanosToNext() {
        try {
            return round.nanosToNext(periodNanos);
        } catch (RuntimeException | Error failed) {
            LOG.warn("{} failed and is tried again", thread.getName(), failed);
            return periodNanos;
        }
    }

    /** Cheap, from any thread; the next round begins at once. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Ends the round that is being done by interrupting it, which closes its socket. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
