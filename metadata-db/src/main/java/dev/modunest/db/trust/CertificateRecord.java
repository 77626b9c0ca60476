package dev.modunest.db.trust;

import java.time.Instant;
import java.util.Optional;

/**
 * A certificate of a publisher.
 *
 * @param serial hexadecimal, lower case, without leading zeros
 * @param issuer the id of the issuing authority, {@code i1}
 * @param account who asked for it
 * @param kind {@code keyed} or {@code ci}
 * @param keySha256 of its key
 */
public record CertificateRecord(
        String serial,
        String issuer,
        String namespace,
        String account,
        String kind,
        String keySha256,
        CertificateBytes der,
        Instant notBefore,
        Instant notAfter,
        Instant issuedAt,
        Optional<Revocation> revocation) {}
