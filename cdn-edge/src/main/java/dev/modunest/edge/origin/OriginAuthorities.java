package dev.modunest.edge.origin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** The certificates by which origin servers are trusted. */
public final class OriginAuthorities {

    private static final Logger LOG = LoggerFactory.getLogger(OriginAuthorities.class);

    private OriginAuthorities() {}

    /** When the first of those in a PEM file ends; empty when it cannot be read. Blocks. */
    public static Optional<Instant> firstEnd(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(each -> ((X509Certificate) each).getNotAfter().toInstant())
                    .min(Comparator.naturalOrder());
        } catch (IOException | CertificateException unreadable) {
            LOG.warn("origin.ca_file cannot be read: {}", unreadable.toString());
            return Optional.empty();
        }
    }
}
