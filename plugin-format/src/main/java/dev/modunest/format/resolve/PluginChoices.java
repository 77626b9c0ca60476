package dev.modunest.format.resolve;

import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One plugin in a search: its candidates, and which of them are still possible. */
final class PluginChoices {

    final Candidates candidates;

    /** What may still be chosen; absence is choice 0. */
    ReleaseSet possible;

    /** The last entry of the trail that narrowed it; -1 when none did. */
    int lastNarrowing = -1;

    boolean isRequired;

    final List<Incompatibility> naming = new ArrayList<>();

    /** The dependencies of its releases that the search has taken up. */
    final Set<Dependency> stated = new HashSet<>();

    /** What each choice requires, by id, as far as it was asked for. */
    final Map<Integer, PluginChoices[]> required = new HashMap<>(4);

    PluginChoices(Candidates candidates) {
        this.candidates = candidates;
        this.possible = candidates.every;
    }

    PluginId id() {
        return candidates.plugin;
    }

    ReleaseSet only(int choice) {
        return candidates.none().with(choice);
    }

    /** The releases that have this dependency. */
    ReleaseSet having(Dependency dependency) {
        ReleaseSet having = candidates.none();
        for (int i = 0; i < candidates.releases.size(); i++) {
            if (candidates.releases.get(i).requires().contains(dependency)) {
                having.add(i + 1);
            }
        }
        return having;
    }
}
