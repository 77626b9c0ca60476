package dev.modunest.db.identity;

import java.time.Instant;

/**
 * A key pair of access tokens, its private half sealed.
 *
 * @param algorithm of JWS (RFC 7518)
 * @param publicKey a SubjectPublicKeyInfo, DER
 * @param publishedAt from when the key set has it
 * @param activeAt from when it signs
 * @param retiredAt until when it signs
 * @param expiresAt until when the key set has it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SealedKey(
        String kid,
        String algorithm,
        byte[] publicKey,
        byte[] privateSealed,
        Instant publishedAt,
        Instant activeAt,
        Instant retiredAt,
        Instant expiresAt) {}
