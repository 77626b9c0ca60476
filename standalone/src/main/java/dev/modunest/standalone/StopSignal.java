package dev.modunest.standalone;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM as a request: the JVM stays until {@link #close}, {@value #MOST_SECONDS} s at
 * most, and then ends with exit code 0 after {@link #succeeded} and 1 otherwise. Install it before
 * what has to be closed, and around it.
 */
final class StopSignal implements AutoCloseable {

    static final int MOST_SECONDS = 90;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    private volatile boolean succeeded;

    private StopSignal() {}

    static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::hold, "stop-signal"));
        return signal;
    }

    private void hold() {
        if (finished.getCount() == 0) {
            return;
        }
        requested.countDown();
        try {
            boolean inTime = finished.await(MOST_SECONDS, TimeUnit.SECONDS);
            Runtime.getRuntime().halt(inTime && succeeded ? 0 : 1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the request. */
    void await() throws InterruptedException {
        requested.await();
    }

    /** Waits for the request for so long; whether it came. */
    boolean await(Duration atMost) throws InterruptedException {
        return requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What was to be done is done, and closed: the exit code is 0. */
    void succeeded() {
        succeeded = true;
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    @Override
    public void close() {
        finished.countDown();
    }
}
