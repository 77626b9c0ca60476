package dev.modunest.db;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An API token without its text.
 *
 * @param label what its owner calls it
 * @param scopes {@code <action>:<pattern>} each
 */
public record TokenRecord(
        long id,
        Account account,
        String label,
        List<String> scopes,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt,
        Optional<Instant> revokedAt,
        Optional<String> revokedReason) {

    public TokenRecord {
        scopes = List.copyOf(scopes);
    }

    public boolean isExpired(Instant now) {
        return expiresAt.filter(expires -> !expires.isAfter(now)).isPresent();
    }
}
