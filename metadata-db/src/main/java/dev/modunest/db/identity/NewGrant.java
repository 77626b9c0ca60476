package dev.modunest.db.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A grant that is to be made.
 *
 * @param grantedBy id of the account
 */
public record NewGrant(
        GrantHolder to,
        Optional<String> role,
        List<String> actions,
        String namespace,
        Optional<String> plugin,
        long grantedBy,
        Instant createdAt,
        Optional<Instant> expiresAt) {

    public NewGrant {
        actions = List.copyOf(actions);
    }
}
