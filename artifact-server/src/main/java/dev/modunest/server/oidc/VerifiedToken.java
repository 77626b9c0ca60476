package dev.modunest.server.oidc;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * A token whose signature, issuer, audience and time hold.
 *
 * @param id {@code jti}, by which the caller refuses a second use
 * @param expiresAt the leeway not added
 */
public record VerifiedToken(
        URI issuer,
        String subject,
        Optional<String> id,
        Instant issuedAt,
        Instant expiresAt,
        Claims claims) {}
