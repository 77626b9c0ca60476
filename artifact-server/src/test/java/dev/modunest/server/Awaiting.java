package dev.modunest.server;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does, with a bound. */
final class Awaiting {

    private static final long LIMIT_NANOS = 30_000_000_000L;
    private static final long PAUSE_NANOS = 10_000_000L;

    private Awaiting() {}

    static void until(BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > LIMIT_NANOS) {
                throw new AssertionError("not within " + LIMIT_NANOS / 1_000_000_000 + " s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
