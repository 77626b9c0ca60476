package dev.modunest.db;

import java.util.Optional;
import java.util.UUID;

/**
 * Who did what the audit keeps.
 *
 * @param accountId of an account only
 * @param name of an account as it is now, {@code host:<id>} of a host, else what the constants say
 */
public record Actor(Optional<Long> accountId, String name) {

    /** Somebody who has not proved to be anybody, as in a failed sign-in. */
    public static final Actor NOBODY = new Actor(Optional.empty(), "nobody");

    /** The registry of its own accord. */
    public static final Actor REGISTRY = new Actor(Optional.empty(), "registry");

    /** Whoever runs a command that opens the database itself. */
    public static final Actor OPERATOR = new Actor(Optional.empty(), "operator");

    public Actor {
        name = AuditText.legible(name);
    }

    public static Actor of(Account account) {
        return new Actor(Optional.of(account.id()), account.name());
    }

    public static Actor host(UUID id) {
        return new Actor(Optional.empty(), "host:" + id);
    }
}
