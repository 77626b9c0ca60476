package dev.modunest.server.serial;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The right to answer from what was read earlier: held for a time after a look at the outbox that
 * showed every change, so that a server which hears nothing any more stops using its caches.
 * Thread-safe.
 */
public final class CacheLease {

    private final long nanos;
    private final LongSupplier clock;

    private volatile Until until = Until.NEVER;

    private record Until(boolean held, long nanos) {
        private static final Until NEVER = new Until(false, 0);
    }

    /**
     * Not held yet.
     *
     * @param clock nanoseconds, as {@link System#nanoTime}
     */
    public CacheLease(Duration length, LongSupplier clock) {
        this.nanos = length.toNanos();
        this.clock = clock;
    }

    public boolean held() {
        Until now = until;
        return now.held() && clock.getAsLong() - now.nanos() < 0;
    }

    long now() {
        return clock.getAsLong();
    }

    /** Held from {@code begun}, when the look began. */
    void renew(long begun) {
        until = new Until(true, begun + nanos);
    }

    void end() {
        until = Until.NEVER;
    }
}
