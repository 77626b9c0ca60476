package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A device that waits for a person to sign it in (RFC 8628).
 *
 * @param state pending, approved, denied or used
 * @param accountId of who approved it
 * @param method how that person had signed in
 */
public record DeviceCode(
        String userCode,
        String client,
        List<String> scopes,
        String state,
        Optional<Long> accountId,
        Optional<Instant> authenticatedAt,
        Optional<String> method,
        Optional<Instant> lastPolledAt,
        Instant expiresAt) {

    public DeviceCode {
        scopes = List.copyOf(scopes);
    }
}
