package dev.modunest.loader.fetch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket in the form of the generic cell rate algorithm (ITU-T I.371, virtual scheduling):
 * what is taken is paid for later, so that pieces of any size pass. Of what was not used a quarter
 * of a second is saved up. Thread-safe.
 */
final class Bandwidth {

    private static final long SAVED_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long paidNanos; // when all that was taken is paid for

    /**
     * @param bytesPerSecond 0 sets no limit
     */
    Bandwidth(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.paidNanos = nanoTime.getAsLong() - SAVED_NANOS;
    }

    /**
     * Takes {@code bytes}.
     *
     * @return how long to wait before more is taken
     */
    synchronized Duration take(long bytes) {
        if (bytesPerSecond == 0) {
            return Duration.ZERO;
        }
        long now = nanoTime.getAsLong();
        long from = now - paidNanos > SAVED_NANOS ? now - SAVED_NANOS : paidNanos;
        paidNanos = from + Math.round(bytes * NANOS / bytesPerSecond);
        return Duration.ofNanos(Math.max(0, paidNanos - now));
    }
}
