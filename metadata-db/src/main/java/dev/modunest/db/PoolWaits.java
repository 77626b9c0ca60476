package dev.modunest.db;

import com.zaxxer.hikari.metrics.IMetricsTracker;

/** Tells the observer how long callers waited for a connection. */
record PoolWaits(String server, DatabaseObserver observer) implements IMetricsTracker {

    @Override
    public void recordConnectionAcquiredNanos(long nanos) {
        observer.acquired(server, nanos);
    }

    @Override
    public void recordConnectionTimeout() {
        observer.timedOut(server);
    }
}
