package dev.modunest.edge.listen;

import dev.modunest.edge.metrics.EdgeMetrics;

/** What all connections of the edge share. Thread-safe. */
final class Front {

    private final EdgeMetrics metrics;
    private volatile ListenSettings settings;
    private volatile boolean draining;

    Front(ListenSettings settings, EdgeMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    ListenSettings settings() {
        return settings;
    }

    void settings(ListenSettings changed) {
        settings = changed;
    }

    boolean isDraining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    void ended(Ending why) {
        metrics.connectionEnded(why.label());
    }
}
