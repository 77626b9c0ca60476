package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A role or actions that were given on a namespace or on one of its plugins.
 *
 * @param to whom, in words: {@code team acme/core}
 * @param role as stored
 */
public record GrantFacts(
        long id,
        String to,
        Optional<String> role,
        List<String> actions,
        String namespace,
        Optional<String> plugin,
        Optional<Instant> expiresAt) {

    public GrantFacts {
        actions = List.copyOf(actions);
    }
}
