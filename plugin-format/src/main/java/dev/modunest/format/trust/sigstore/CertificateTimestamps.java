package dev.modunest.format.trust.sigstore;

import dev.modunest.format.trust.root.CertificateLog;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.Precertificate;
import dev.modunest.format.trust.x509.SignatureMethod;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** Signed certificate timestamps in a certificate (RFC 6962 3.2, 3.3). */
final class CertificateTimestamps {

    private static final int SHA_256 = 4;
    private static final int ECDSA = 3;
    private static final int RSA = 1;

    private CertificateTimestamps() {}

    /** Whether one of the logs, trusted at its time, has promised to log the certificate. */
    static boolean isLogged(
            Certificate certificate, Certificate issuer, List<CertificateLog> logs) {
        return certificate
                .extension(Oids.SCT_LIST)
                .map(extension -> isAnyRight(extension.value().octets(), certificate, issuer, logs))
                .orElse(false);
    }

    private static boolean isAnyRight(
            byte[] list, Certificate certificate, Certificate issuer, List<CertificateLog> logs) {
        try {
            ByteBuffer all = ByteBuffer.wrap(list);
            if ((all.getShort() & 0xffff) != all.remaining()) {
                return false;
            }
            boolean found = false;
            while (all.hasRemaining()) {
                byte[] one = new byte[all.getShort() & 0xffff];
                all.get(one);
                found |= isRight(ByteBuffer.wrap(one), certificate, issuer, logs);
            }
            return found;
        } catch (BufferUnderflowException truncated) {
            return false;
        }
    }

    private static boolean isRight(
            ByteBuffer sct,
            Certificate certificate,
            Certificate issuer,
            List<CertificateLog> logs) {
        if (sct.get() != 0) {
            return false;
        }
        byte[] logId = new byte[32];
        sct.get(logId);
        long millis = sct.getLong();
        byte[] extensions = new byte[sct.getShort() & 0xffff];
        sct.get(extensions);
        int hash = sct.get();
        int kind = sct.get();
        byte[] signature = new byte[sct.getShort() & 0xffff];
        sct.get(signature);
        if (sct.hasRemaining() || hash != SHA_256 || (kind != ECDSA && kind != RSA)) {
            return false;
        }
        byte[] signed = Precertificate.of(certificate, issuer).signed(millis, extensions);
        Instant time = Instant.ofEpochMilli(millis);
        return logs.stream()
                .filter(log -> log.logId().equals(HexFormat.of().formatHex(logId)))
                .filter(log -> log.validFor().contains(time))
                .anyMatch(
                        log ->
                                SignatureMethod.usual(log.key())
                                        .map(method -> method.verify(log.key(), signed, signature))
                                        .orElse(false));
    }
}
