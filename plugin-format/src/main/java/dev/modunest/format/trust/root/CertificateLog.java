package dev.modunest.format.trust.root;

import dev.modunest.format.trust.x509.Validity;

import java.security.PublicKey;

/**
 * A log of certificates (RFC 6962).
 *
 * @param logId the SHA-256 of the log's key, in hex
 */
public record CertificateLog(String baseUrl, PublicKey key, String logId, Validity validFor) {}
