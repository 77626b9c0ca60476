package dev.modunest.edge.listen;

import dev.modunest.edge.metrics.EdgeMetrics;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** What all connections of the edge share. Thread-safe. */
final class Front {

    private final EdgeMetrics metrics;
    private volatile ListenSettings settings;
    private volatile boolean leaving;
    private volatile boolean draining;
    private volatile @Nullable ServerCertificate certificate;

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

    void certificate(ServerCertificate used) {
        certificate = used;
    }

    /** Whether the certificate in use names {@code host}. */
    boolean certificateCovers(String host) {
        ServerCertificate used = certificate;
        return used != null && used.covers(host);
    }

    /** When the certificate in use ends; empty without TLS. */
    Optional<Instant> certificateEnd() {
        return Optional.ofNullable(certificate).map(ServerCertificate::end);
    }

    boolean isDraining() {
        return draining;
    }

    void drain() {
        draining = true;
    }

    /** Whether others should send no more requests here. */
    boolean isLeaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
    }

    void ended(Ending why) {
        metrics.connectionEnded(why.label());
    }
}
