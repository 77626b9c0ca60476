package dev.modunest.edge.listen;

import dev.modunest.settings.Default;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The port for TLS; there is one when a certificate is given.
 *
 * @param certificate chain in PEM, that of the edge first
 * @param key PKCS#8 in PEM
 * @param port 0: any free one
 * @param reloadInterval how often the two files are looked at
 * @param strictNames requests for hosts that the certificate does not name are answered 421
 */
public record TlsSettings(
        Optional<Path> certificate,
        Optional<Path> key,
        @Default("8443") int port,
        @Default("auto") TlsEngine engine,
        @Default("tls1_2") TlsVersion minVersion,
        @Default("10s") Duration reloadInterval,
        @Default("false") boolean strictNames) {

    public TlsSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ": write 0 to 65535");
        }
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    "certificate and key are given together, or neither");
        }
        if (reloadInterval.toMillis() < 100 || reloadInterval.toDays() > 20) {
            throw new IllegalArgumentException("reload_interval is out of range: 100ms to 20d");
        }
    }

    boolean enabled() {
        return certificate.isPresent();
    }

    ServerCertificate read() {
        return ServerCertificate.read(certificate.orElseThrow(), key.orElseThrow());
    }

    /** These settings, with those of {@code changed} that may change while connections are open. */
    TlsSettings changedTo(TlsSettings changed) {
        return new TlsSettings(
                certificate, key, port, engine, minVersion, reloadInterval, changed.strictNames);
    }
}
