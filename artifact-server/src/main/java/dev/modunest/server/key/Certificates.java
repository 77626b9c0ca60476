package dev.modunest.server.key;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Reads X.509 certificates (RFC 5280). */
public final class Certificates {

    private Certificates() {}

    /**
     * A certificate in DER.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static X509Certificate ofDer(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException malformed) {
            throw new IllegalArgumentException("no certificate: " + malformed.getMessage());
        }
    }

    static X509Certificate parse(Path file, String text) {
        try {
            return Pem.blocks(text).stream()
                    .filter(block -> block.label().equals(Pem.CERTIFICATE))
                    .findFirst()
                    .map(block -> ofDer(block.der()))
                    .orElseThrow(() -> new KeyException(file + " has no certificate in PEM"));
        } catch (IllegalArgumentException malformed) {
            throw new KeyException(file + ": " + malformed.getMessage());
        }
    }
}
