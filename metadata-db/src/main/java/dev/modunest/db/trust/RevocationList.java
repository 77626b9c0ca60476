package dev.modunest.db.trust;

import java.time.Instant;

/**
 * The last list of an issuing authority.
 *
 * @param number rises with each (RFC 5280, 5.2.3)
 */
public record RevocationList(long number, CertificateBytes der, Instant madeAt) {}
