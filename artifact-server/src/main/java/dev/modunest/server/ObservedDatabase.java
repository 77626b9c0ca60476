package dev.modunest.server;

import dev.modunest.db.DatabaseObserver;
import dev.modunest.db.ExecutedStatement;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.tracing.BackendSpans;

/** What the index is asked, as metrics and spans. */
record ObservedDatabase(Metrics metrics, BackendSpans spans) implements DatabaseObserver {

    @Override
    public void executed(ExecutedStatement ran) {
        metrics.statementRan(ran.name(), ran.nanos(), ran.slow(), ran.failed());
        spans.statement(ran);
    }

    @Override
    public void acquired(String server, long nanos) {
        metrics.connectionAcquired(server, nanos);
    }

    @Override
    public void timedOut(String server) {
        metrics.connectionTimedOut(server);
    }
}
