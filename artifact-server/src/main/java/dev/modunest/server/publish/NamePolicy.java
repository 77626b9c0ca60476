package dev.modunest.server.publish;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.format.PluginId;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.HashSet;
import java.util.Set;

/**
 * Which names a new plugin may have: each rule is one method, and throws a {@link Rejection}. A
 * plugin that has a release is not asked again.
 */
final class NamePolicy {

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
    private final Set<String> allowed;
    private final Database database;

    NamePolicy(NamesConfig config, Database database) {
        this.reserved = new HashSet<>(RESERVED);
        this.reserved.addAll(config.reserved());
        this.allowed = Set.copyOf(config.allow());
        this.database = database;
    }

    void check(PluginId plugin, Account publisher) {
        if (allowed.contains(plugin.toString())
                || database.read(tx -> tx.plugins().find(plugin)).isPresent()) {
            return;
        }
        checkReserved(plugin, publisher);
        checkSpelling(plugin);
        checkLookAlike(plugin, publisher);
    }

    private void checkReserved(PluginId plugin, Account publisher) {
        if (publisher.administrator()) {
            return;
        }
        for (String word : Set.of(plugin.namespace(), plugin.name())) {
            if (reserved.contains(word)) {
                throw new Rejection(
                        ProblemCode.NAME_RESERVED,
                        "The word "
                                + word
                                + " is reserved for the registry and its administrators; choose another name");
            }
        }
    }

    /** Two plugins of a namespace do not differ by hyphens alone. */
    private void checkSpelling(PluginId plugin) {
        database.read(tx -> tx.plugins().findSpelledAlike(plugin))
                .ifPresent(
                        other -> {
                            throw new Rejection(
                                    ProblemCode.NAME_LOOK_ALIKE,
                                    plugin
                                            + " differs from "
                                            + other
                                            + " by its hyphens alone; publish a version of that plugin, or choose another name");
                        });
    }

    private void checkLookAlike(PluginId plugin, Account publisher) {
        database.read(tx -> tx.plugins().popularLike(plugin, publisher.id())).stream()
                .findFirst()
                .ifPresent(
                        imitated -> {
                            throw new Rejection(
                                    ProblemCode.NAME_LOOK_ALIKE,
                                    plugin
                                            + " can be taken for the popular plugin "
                                            + imitated
                                            + "; choose a name that differs more, or ask the operator to add "
                                            + plugin
                                            + " to names.allow");
                        });
    }
}
