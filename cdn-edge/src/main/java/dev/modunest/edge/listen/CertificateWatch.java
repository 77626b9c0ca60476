package dev.modunest.edge.listen;

import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.util.function.Consumer;

/**
 * Looks at the files of the certificate, and tells when they have changed to what can be used. What
 * cannot is told in the log, and the edge goes on with what it has.
 */
final class CertificateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);

    private final TlsSettings settings;
    private final Consumer<ServerCertificate> changed;
    private ServerCertificate current;
    private String told = "";

    CertificateWatch(
            TlsSettings settings, ServerCertificate first, Consumer<ServerCertificate> changed) {
        this.settings = settings;
        this.current = first;
        this.changed = changed;
    }

    void start(Vertx vertx) {
        vertx.setPeriodic(
                settings.reloadInterval().toMillis(),
                _ ->
                        vertx.executeBlocking(
                                        () -> {
                                            look();
                                            return true;
                                        },
                                        true)
                                .onFailure(bug -> LOG.error("no look at the certificate", bug)));
    }

    /** Blocks while it reads the files. */
    synchronized void look() {
        try {
            ServerCertificate read = settings.read();
            told = "";
            if (!read.equals(current)) {
                current = read;
                changed.accept(read);
                LOG.info("the certificate for {} is used from now on", read.names());
            }
        } catch (IllegalArgumentException | UncheckedIOException unusable) {
            String why = String.valueOf(unusable.getMessage());
            if (!why.equals(told)) {
                told = why;
                LOG.error("the certificate stays as it is: {}", why);
            }
        }
    }
}
