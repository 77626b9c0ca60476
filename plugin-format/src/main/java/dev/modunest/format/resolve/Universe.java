package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The releases that could stand in a plan for a request. Reads ahead: with a plugin everything that
 * the preferred releases below it require, level by level, so that a search seldom has to ask.
 */
final class Universe {

    private final ResolveRequest request;
    private final KnownReleases known;
    private final Set<Coordinate> locked;
    private final Set<Coordinate> installed;
    private final Comparator<IndexEntry> preference;
    private final Map<PluginId, Candidates> candidates = new HashMap<>();
    private final Set<IndexEntry> followed = Collections.newSetFromMap(new IdentityHashMap<>());

    Universe(ResolveRequest request, KnownReleases known) {
        this.request = request;
        this.known = known;
        this.locked = Set.copyOf(request.locked());
        this.installed = Set.copyOf(request.installed());
        this.preference = this::compare;
    }

    /** Reads what {@code wanted} names and what is likely to be asked for next. */
    void read(List<Requirement> wanted) {
        List<Requirement> level = wanted;
        while (!level.isEmpty()) {
            Set<PluginId> plugins = new LinkedHashSet<>();
            for (Requirement requirement : level) {
                plugins.add(requirement.plugin());
            }
            known.read(plugins);
            List<Requirement> next = new ArrayList<>();
            for (Requirement requirement : level) {
                follow(requirement, next);
            }
            level = next;
        }
    }

    private void follow(Requirement requirement, List<Requirement> next) {
        Candidates candidates = candidates(requirement.plugin());
        if (!candidates.isNew(requirement.range())) {
            return;
        }
        int likely = candidates.likely(requirement.range());
        if (likely < 0 || !followed.add(candidates.release(likely))) {
            return;
        }
        for (Dependency dependency : candidates.release(likely).requires()) {
            if (!dependency.optional()) {
                next.add(new Requirement(dependency.plugin(), dependency.range()));
            }
        }
    }

    /** All releases of a plugin that the source told, usable or not. */
    List<IndexEntry> releases(PluginId plugin) {
        return known.of(plugin);
    }

    Candidates candidates(PluginId plugin) {
        Candidates made = candidates.get(plugin);
        if (made == null) {
            List<IndexEntry> sorted = new ArrayList<>();
            for (IndexEntry entry : known.of(plugin)) {
                if (verdict(entry) == Verdict.USABLE) {
                    sorted.add(entry);
                }
            }
            sorted.sort(preference);
            made = new Candidates(plugin, sorted, this::admits);
            candidates.put(plugin, made);
        }
        return made;
    }

    private int compare(IndexEntry one, IndexEntry other) {
        int byRank = Integer.compare(rank(one), rank(other));
        return byRank != 0
                ? byRank
                : other.coordinate().version().compareTo(one.coordinate().version());
    }

    /** What is locked first, of that and of the rest what is preferred as installed. */
    private int rank(IndexEntry entry) {
        boolean kept = !locked.isEmpty() && locked.contains(entry.coordinate());
        boolean preferred =
                request.policy().preference() == ResolvePolicy.Preference.INSTALLED
                        && installed.contains(entry.coordinate());
        return (kept ? 0 : 2) + (preferred ? 0 : 1);
    }

    boolean admits(VersionRange range, IndexEntry entry) {
        return request.policy().includePrereleases()
                ? range.containsIncludingPrereleases(entry.coordinate().version())
                : range.contains(entry.coordinate().version());
    }

    /** Whether a release may be chosen, whatever the ranges say. */
    enum Verdict {
        USABLE,
        WITHDRAWN,
        OTHER_HOST,
        TOO_YOUNG
    }

    /** The first thing that is against a release. */
    Verdict verdict(IndexEntry entry) {
        boolean kept =
                locked.contains(entry.coordinate()) || installed.contains(entry.coordinate());
        boolean withdrawn =
                switch (entry.status().state()) {
                    case LIVE -> false;
                    case YANKED -> !kept;
                    case QUARANTINED, DELETED -> true;
                };
        if (withdrawn) {
            return Verdict.WITHDRAWN;
        }
        if (!runsOnHost(entry)) {
            return Verdict.OTHER_HOST;
        }
        boolean young =
                !kept
                        && request.policy()
                                .minimumAge()
                                .filter(minimum -> !minimum.isMetBy(entry))
                                .isPresent();
        return young ? Verdict.TOO_YOUNG : Verdict.USABLE;
    }

    private boolean runsOnHost(IndexEntry entry) {
        return request.host().isEmpty()
                || entry.host().isEmpty()
                || entry.host().get().contains(request.host().get());
    }

    ResolveRequest request() {
        return request;
    }
}
