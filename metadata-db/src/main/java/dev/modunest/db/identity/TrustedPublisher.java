package dev.modunest.db.identity;

import dev.modunest.format.PluginId;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A CI job that publishes a plugin.
 *
 * @param provider its name, {@code github}, {@code gitlab} or one of the settings
 * @param issuer of its ID tokens
 * @param claims what these have to say, by name
 * @param accountId of the machine that publishes
 * @param account its name
 * @param createdBy the account that trusts it, by its name
 */
public record TrustedPublisher(
        UUID id,
        PluginId plugin,
        String provider,
        String issuer,
        Map<String, String> claims,
        long accountId,
        String account,
        String createdBy,
        Instant createdAt,
        Optional<Instant> lastUsedAt) {

    public TrustedPublisher {
        claims = Map.copyOf(claims);
    }
}
