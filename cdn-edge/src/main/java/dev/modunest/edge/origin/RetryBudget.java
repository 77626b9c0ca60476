package dev.modunest.edge.origin;

import java.util.function.LongSupplier;

/**
 * How much more than its clients an edge may ask for: every request pays in a share of a retry, and
 * time a little (as Finagle's RetryBudget), so that retries do not multiply the load of an origin
 * that fails. Thread-safe.
 */
final class RetryBudget {

    /** The balance is kept in hundredths of a retry. */
    private static final long RETRY = 100;

    private static final long NANOS_OF_RESERVE = 10_000_000_000L;

    /** Nobody saves up for more than this many retries beyond the reserve. */
    private static final long MOST_SAVED = 100 * RETRY;

    private final RetrySettings settings;
    private final LongSupplier nanos;
    private final long reserve;
    private long balance;
    private long paidAt;

    RetryBudget(RetrySettings settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
        this.reserve = settings.budgetReserve() * RETRY;
        this.balance = reserve;
        this.paidAt = nanos.getAsLong();
    }

    synchronized void requested() {
        balance = Math.min(balance + settings.budgetPercent(), reserve + MOST_SAVED);
    }

    /** Takes one retry out, if there is one. */
    synchronized boolean take() {
        payForTime();
        if (balance < RETRY) {
            return false;
        }
        balance -= RETRY;
        return true;
    }

    private void payForTime() {
        long now = nanos.getAsLong();
        double share = Math.min(1.0, (double) (now - paidAt) / NANOS_OF_RESERVE);
        long paid = (long) (reserve * share);
        if (paid > 0) {
            paidAt = now;
            balance = Math.max(balance, Math.min(balance + paid, reserve));
        }
    }
}
