package dev.modunest.server.publish;

import dev.modunest.server.connection.Arrival;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.function.LongSupplier;

/**
 * Ends a body that takes too long or comes too slowly. The rate is taken over the time in which the
 * server waits for bytes, one window after the other, so that a slow storage is not the client's
 * fault. Not thread-safe.
 */
final class UploadPace implements Arrival {

    private static final double NANOS = 1e9;

    private final UploadConfig config;
    private final LongSupplier nanoTime;
    private final long begun;
    private final long window;
    private long arrived;

    /** Waiting in this window; below zero during the grace. */
    private long waited;

    private long arrivedInWindow;

    UploadPace(UploadConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.window = config.minRateWindow().toNanos();
        this.waited = -config.minRateGrace().toNanos();
    }

    @Override
    public void heard(int bytes, long waitedNanos) {
        arrived += bytes;
        arrivedInWindow += bytes;
        waited += waitedNanos;
        checkDuration();
        if (waited >= window) {
            checkRate();
            waited = 0;
            arrivedInWindow = 0;
        }
    }

    void checkDuration() {
        if (nanoTime.getAsLong() - begun > config.maxDuration().toNanos()) {
            throw tooSlow(
                    arrived
                            + " bytes arrived within "
                            + config.maxDuration().toSeconds()
                            + " seconds, which is the limit for a body (upload.max_duration)");
        }
    }

    private void checkRate() {
        double seconds = waited / NANOS;
        if (arrivedInWindow < seconds * config.minRate().bytes()) {
            throw tooSlow(
                    arrivedInWindow
                            + " bytes arrived while the server waited for "
                            + Math.round(seconds)
                            + " seconds, and the limit is "
                            + config.minRate()
                            + " per second (upload.min_rate)");
        }
    }

    private static Rejection tooSlow(String what) {
        return new Rejection(
                ProblemCode.UPLOAD_TOO_SLOW, what + "; send it over a faster connection");
    }
}
