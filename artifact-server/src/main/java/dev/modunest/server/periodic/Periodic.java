package dev.modunest.server.periodic;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work that is done every interval until it is closed, one round at a time. Thread-safe. */
public final class Periodic implements AutoCloseable {

    private static final Duration STOP = Duration.ofSeconds(2);

    private final Job job;
    private final Runnable round;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean closing;

    Periodic(Job job, Duration first, Duration interval, Runnable round) {
        this.job = job;
        this.round = round;
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name(job.name()).factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::run, first.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Does a round as soon as the one under way, if any, is over. */
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            timer.execute(this::run);
        }
    }

    /** Throws nothing: what a scheduled task throws ends its schedule. */
    private void run() {
        woken.set(false);
        try {
            round.run();
            job.succeeded();
        } catch (Throwable failed) {
            tell(failed);
        }
    }

    private void tell(Throwable failed) {
        try {
            if (!closing) {
                job.failed(failed);
            }
        } catch (Throwable unheard) {
            failed.addSuppressed(unheard);
        }
    }

    /** Interrupts the round under way and waits a little for its end. */
    @Override
    public void close() {
        closing = true;
        timer.shutdownNow();
        try {
            boolean _ = timer.awaitTermination(STOP.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
