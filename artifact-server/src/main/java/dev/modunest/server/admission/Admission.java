package dev.modunest.server.admission;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** So many at once, so many waiting so long; the rest is rejected. Thread-safe. */
public final class Admission {

    private static final String RETRY_SECONDS = "2";

    private final String what;
    private final int permits;
    private final int maxWaiting;
    private final Duration maxWait;
    private final Semaphore free;

    /**
     * Bounds by {@code permits}, {@code maxWaiting} and {@code maxWait}.
     *
     * @param what is admitted, in the plural, for people
     */
    public Admission(String what, int permits, int maxWaiting, Duration maxWait) {
        this.what = what;
        this.permits = permits;
        this.maxWaiting = maxWaiting;
        this.maxWait = maxWait;
        this.free = new Semaphore(permits, true);
    }

    /** Gives its place back when closed. */
    public final class Permit implements AutoCloseable {

        private Permit() {}

        @Override
        public void close() {
            free.release();
        }
    }

    /** Waits for a place; throws {@link Rejection} when there is none in time. */
    public Permit acquire() {
        if (!free.tryAcquire() && !awaitTurn()) {
            throw new Rejection(
                            ProblemCode.OVERLOADED,
                            permits
                                    + " "
                                    + what
                                    + " are being served, which is the limit, and none ended within "
                                    + maxWait.toMillis()
                                    + " ms; try again in "
                                    + RETRY_SECONDS
                                    + " seconds")
                    .with("Retry-After", RETRY_SECONDS);
        }
        return new Permit();
    }

    private boolean awaitTurn() {
        if (free.getQueueLength() >= maxWaiting) {
            return false;
        }
        try {
            return free.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public int inUse() {
        return permits - free.availablePermits();
    }

    public int waiting() {
        return free.getQueueLength();
    }
}
