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

    private volatile boolean unreachable;

    /**
     * When it ends or ended.
     *
     * @param ever whether it has been held
     */
    private record Until(boolean ever, long nanos) {
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
        return heldWithin(Duration.ZERO);
    }

    /** Whether it is held, or ended less than {@code time} ago. */
    public boolean heldWithin(Duration time) {
        Until now = until;
        return now.ever() && clock.getAsLong() - now.nanos() < time.toNanos();
    }

    /** Whether Postgres could not be connected to when that was last tried. */
    public boolean isUnreachable() {
        return unreachable;
    }

    long now() {
        return clock.getAsLong();
    }

    /** Held from {@code begun}, when the look began. */
    void renew(long begun) {
        until = new Until(true, begun + nanos);
        unreachable = false;
    }

    void end() {
        if (held()) {
            until = new Until(true, clock.getAsLong());
        }
    }

    /** Until it is renewed. */
    void unreachable() {
        unreachable = true;
    }
}
