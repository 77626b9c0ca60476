package dev.modunest.loader.fetch;

import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** A point on the monotonic clock by which work must be done. */
public final class Deadline {

    private final long endNanos;
    private final Duration allowed;

    private Deadline(Duration allowed) {
        this.endNanos = System.nanoTime() + allowed.toNanos();
        this.allowed = allowed;
    }

    public static Deadline after(Duration allowed) {
        return new Deadline(allowed);
    }

    /**
     * What is left, at most {@code bound}; always positive.
     *
     * @throws HttpTimeoutException when nothing is left
     */
    Duration remaining(Duration bound) throws HttpTimeoutException {
        long left = endNanos - System.nanoTime();
        if (left <= 0) {
            throw new HttpTimeoutException("not done within " + allowed.toMillis() + " ms");
        }
        return left < bound.toNanos() ? Duration.ofNanos(left) : bound;
    }
}
