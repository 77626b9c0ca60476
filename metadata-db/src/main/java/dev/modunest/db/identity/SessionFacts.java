package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A sign-in that lasts.
 *
 * @param kind browser, device or exchange
 * @param client what signed in: a user agent, or the name of a client
 * @param method how the account proved who it is: {@code password}, {@code password+totp}, or a
 *     provider
 * @param authenticatedAt when it did
 */
public record SessionFacts(
        UUID id,
        long accountId,
        String account,
        boolean administrator,
        String kind,
        List<String> scopes,
        String client,
        String method,
        Optional<String> address,
        Instant authenticatedAt,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        Optional<Instant> revokedAt) {

    public SessionFacts {
        scopes = List.copyOf(scopes);
    }

    /** Whether it has neither ended nor been ended. */
    public boolean isOpen(Instant now) {
        return revokedAt.isEmpty() && now.isBefore(expiresAt);
    }
}
