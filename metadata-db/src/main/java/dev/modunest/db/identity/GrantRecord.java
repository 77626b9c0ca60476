package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A grant as it is read.
 *
 * @param kind account, team, organization or host
 * @param to its name; of a team {@code organization/team}, of a host its id
 * @param grantedBy name of the account
 */
public record GrantRecord(
        long id,
        String kind,
        String to,
        Optional<String> role,
        List<String> actions,
        String namespace,
        Optional<String> plugin,
        String grantedBy,
        Instant createdAt,
        Optional<Instant> expiresAt) {

    public GrantRecord {
        actions = List.copyOf(actions);
    }
}
