package dev.modunest.db.trust;

import java.time.Instant;

/**
 * A certificate as it is issued; {@link CertificateRecord} says what the parts are.
 *
 * @param keySha256 of the SubjectPublicKeyInfo, hexadecimal
 */
public record NewCertificate(
        String serial,
        String issuer,
        String namespace,
        long accountId,
        String kind,
        String keySha256,
        CertificateBytes der,
        Instant notBefore,
        Instant notAfter,
        Instant now) {}
