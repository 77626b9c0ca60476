package dev.modunest.server.name;

import dev.modunest.db.Account;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Words that nobody but an administrator may name something by. */
public final class ReservedNames {

    /** What a reader takes for the registry itself, or for a part of its addresses. */
    private static final Set<String> RESERVED =
            Set.of(
                    "admin",
                    "administrator",
                    "api",
                    "artifacts",
                    "events",
                    "health",
                    "index",
                    "metrics",
                    "modu-nest",
                    "modunest",
                    "official",
                    "registry",
                    "root",
                    "security",
                    "support",
                    "system");

    private final Set<String> reserved;

    /**
     * With further words.
     *
     * @param more from the settings
     */
    public ReservedNames(List<String> more) {
        this.reserved = new HashSet<>(RESERVED);
        this.reserved.addAll(more);
    }

    /** Throws {@link Rejection} when {@code account} may not take the name. */
    public void check(String name, Account account) {
        if (!account.administrator() && reserved.contains(name)) {
            throw new Rejection(
                    ProblemCode.NAME_RESERVED,
                    "The word "
                            + name
                            + " is reserved for the registry and its administrators; choose another name");
        }
    }
}
