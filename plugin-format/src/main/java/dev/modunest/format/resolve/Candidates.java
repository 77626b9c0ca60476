package dev.modunest.format.resolve;

import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/** The releases of one plugin that may stand in a plan, the most preferred first. */
final class Candidates {

    final PluginId plugin;
    final List<IndexEntry> releases;

    /** Every choice, absence included. */
    final ReleaseSet every;

    private final BiPredicate<VersionRange, IndexEntry> admits;
    private final Map<VersionRange, ReleaseSet> refused = new HashMap<>();

    /** The choices that no range met so far refuses. */
    private ReleaseSet admittedByAll;

    Candidates(
            PluginId plugin,
            List<IndexEntry> releases,
            BiPredicate<VersionRange, IndexEntry> admits) {
        this.plugin = plugin;
        this.releases = releases;
        this.every = ReleaseSet.all(releases.size() + 1);
        this.admits = admits;
        this.admittedByAll = every;
    }

    IndexEntry release(int choice) {
        return releases.get(choice - 1);
    }

    ReleaseSet none() {
        return ReleaseSet.none(releases.size() + 1);
    }

    /** The choices, absence among them, that are not in {@code range}. */
    ReleaseSet refusedBy(VersionRange range) {
        ReleaseSet known = refused.get(range);
        if (known != null) {
            return known;
        }
        ReleaseSet fresh = none();
        fresh.add(ReleaseSet.ABSENT);
        for (int i = 0; i < releases.size(); i++) {
            if (!admits.test(range, releases.get(i))) {
                fresh.add(i + 1);
            }
        }
        refused.put(range, fresh);
        admittedByAll = admittedByAll.minus(fresh);
        return fresh;
    }

    /** Takes {@code range} up; whether that is new. */
    boolean isNew(VersionRange range) {
        if (refused.containsKey(range)) {
            return false;
        }
        refusedBy(range);
        return true;
    }

    /**
     * What is likely to be chosen now that {@code range} is asked for: the first that is in all
     * ranges met so far, else the first that is in this one; -1 when there is none.
     */
    int likely(VersionRange range) {
        int inAll = admittedByAll.next(1);
        return inAll > 0 ? inAll : every.minus(refusedBy(range)).next(1);
    }
}
