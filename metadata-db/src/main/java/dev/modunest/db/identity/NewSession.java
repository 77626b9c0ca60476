package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A session as it begins; {@link SessionFacts} says what the parts are.
 *
 * @param cookieSha256 of the cookie of a browser
 */
public record NewSession(
        UUID id,
        long accountId,
        String kind,
        Optional<String> cookieSha256,
        List<String> scopes,
        String client,
        String method,
        Optional<String> address,
        Instant authenticatedAt,
        Instant now,
        Instant expiresAt) {

    public NewSession {
        scopes = List.copyOf(scopes);
    }
}
