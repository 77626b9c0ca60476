package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A host as it is administered.
 *
 * @param organization to which it belongs, by its name
 * @param algorithm {@code EdDSA} or {@code ES256}
 * @param publicKey a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7)
 * @param thumbprint of the key (RFC 7638)
 * @param patterns of the plugins that it may have
 * @param enrolledBy the account that made the code, by its name
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record HostRecord(
        UUID id,
        String name,
        Optional<String> organization,
        String algorithm,
        byte[] publicKey,
        String thumbprint,
        List<String> patterns,
        String enrolledBy,
        Instant enrolledAt,
        Optional<Instant> lastSeenAt,
        Optional<Instant> revokedAt,
        Optional<String> revokedReason) {

    public HostRecord {
        patterns = List.copyOf(patterns);
    }
}
