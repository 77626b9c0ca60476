package dev.modunest.server.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What an access token says (RFC 9068, 2.2).
 *
 * @param subject {@code account:<name>} or {@code host:<uuid>}
 * @param clientId what asked for it
 * @param scopes {@code <action>:<pattern>} each
 * @param session of which it is
 * @param authenticatedAt when the account last proved who it is
 */
public record AccessClaims(
        String subject,
        List<String> audience,
        String clientId,
        List<String> scopes,
        Optional<UUID> session,
        Optional<Instant> authenticatedAt,
        Instant expiresAt) {

    private static final String HOST = "host:";

    public AccessClaims {
        audience = List.copyOf(audience);
        scopes = List.copyOf(scopes);
    }

    /** The host that it is of, when it is of one. */
    public Optional<UUID> findHost() {
        try {
            return subject.startsWith(HOST)
                    ? Optional.of(UUID.fromString(subject.substring(HOST.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
