package dev.modunest.server.publish;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.format.PluginId;
import dev.modunest.server.name.NamesConfig;
import dev.modunest.server.name.ReservedNames;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.Set;

/**
 * Which names a new plugin may have: each rule is one method, and throws a {@link Rejection}. A
 * plugin that has a release is not asked again.
 */
final class NamePolicy {

    private final ReservedNames reserved;
    private final Set<String> allowed;
    private final Database database;

    NamePolicy(NamesConfig config, Database database) {
        this.reserved = new ReservedNames(config.reserved());
        this.allowed = Set.copyOf(config.allow());
        this.database = database;
    }

    void check(PluginId plugin, Account publisher) {
        if (allowed.contains(plugin.toString())
                || database.read(tx -> tx.plugins().find(plugin)).isPresent()) {
            return;
        }
        reserved.check(plugin.namespace(), publisher);
        reserved.check(plugin.name(), publisher);
        checkSpelling(plugin);
        checkLookAlike(plugin, publisher);
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
