package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a one-time code makes of who sends it: a host.
 *
 * @param organization to which the host will belong, by its name
 * @param patterns of the plugins that the host may have
 * @param createdBy the id of an account
 */
public record Enrolment(
        UUID id,
        String name,
        Optional<String> organization,
        List<String> patterns,
        long createdBy,
        Instant createdAt,
        Instant expiresAt) {

    public Enrolment {
        patterns = List.copyOf(patterns);
    }
}
