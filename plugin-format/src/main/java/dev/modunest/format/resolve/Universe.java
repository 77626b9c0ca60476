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
import java.util.Optional;
import java.util.Set;

/**
 * Every release that could stand in a plan for a request: those that a requirement or a required
 * dependency of another such release admits. Asked from the source level by level.
 */
final class Universe {

    /** More plugins than this in reach of a request are too complex. */
    static final int MAX_PLUGINS = 20_000;

    private final ResolveRequest request;
    private final Set<Coordinate> installed;
    private final Map<PluginId, List<IndexEntry>> known = new HashMap<>();
    private final Map<PluginId, Set<VersionRange>> ranges = new HashMap<>();
    private final Map<PluginId, Set<IndexEntry>> reached = new HashMap<>();
    private boolean tooLarge;

    private Universe(ResolveRequest request) {
        this.request = request;
        this.installed = Set.copyOf(request.installed());
    }

    static Universe gather(ResolveRequest request, ReleaseSource source) {
        Universe universe = new Universe(request);
        Set<PluginId> changed = new LinkedHashSet<>();
        for (Requirement requirement : request.requirements()) {
            universe.require(requirement.plugin(), requirement.range(), changed);
        }
        while (!changed.isEmpty() && !universe.tooLarge) {
            changed = universe.level(changed, source);
        }
        return universe;
    }

    private Set<PluginId> level(Set<PluginId> changed, ReleaseSource source) {
        Set<PluginId> unasked = new LinkedHashSet<>(changed);
        unasked.removeAll(known.keySet());
        if (known.size() + unasked.size() > MAX_PLUGINS) {
            tooLarge = true;
            return Set.of();
        }
        if (!unasked.isEmpty()) {
            Map<PluginId, List<IndexEntry>> answer = source.releases(Set.copyOf(unasked));
            for (PluginId plugin : unasked) {
                known.put(plugin, List.copyOf(answer.getOrDefault(plugin, List.of())));
            }
        }
        Set<PluginId> next = new LinkedHashSet<>();
        for (PluginId plugin : changed) {
            reach(plugin, next);
        }
        return next;
    }

    private void reach(PluginId plugin, Set<PluginId> changed) {
        Set<IndexEntry> already = reached.computeIfAbsent(plugin, any -> newIdentitySet());
        for (IndexEntry entry : releases(plugin)) {
            if (!already.contains(entry)
                    && isUsable(entry)
                    && ranges(plugin).stream().anyMatch(range -> admits(range, entry))) {
                already.add(entry);
                for (Dependency dependency : entry.requires()) {
                    if (!dependency.optional()) {
                        require(dependency.plugin(), dependency.range(), changed);
                    }
                }
            }
        }
    }

    private static Set<IndexEntry> newIdentitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private void require(PluginId plugin, VersionRange range, Set<PluginId> changed) {
        if (ranges.computeIfAbsent(plugin, any -> new LinkedHashSet<>()).add(range)) {
            changed.add(plugin);
        }
    }

    private Set<VersionRange> ranges(PluginId plugin) {
        return ranges.getOrDefault(plugin, Set.of());
    }

    boolean isTooLarge() {
        return tooLarge;
    }

    /** The plugins in reach, in the order of their ids. */
    List<PluginId> plugins() {
        return known.keySet().stream().sorted().toList();
    }

    /** All releases of a plugin that the source told, usable or not. */
    List<IndexEntry> releases(PluginId plugin) {
        return known.getOrDefault(plugin, List.of());
    }

    /** The releases that may stand in a plan, the most preferred first: installed, then highest. */
    List<IndexEntry> candidates(PluginId plugin) {
        Comparator<IndexEntry> preference =
                Comparator.comparing((IndexEntry entry) -> !isInstalled(entry))
                        .thenComparing(IndexEntry::coordinate, Comparator.reverseOrder());
        List<IndexEntry> candidates = new ArrayList<>(reached.getOrDefault(plugin, Set.of()));
        candidates.sort(preference);
        return candidates;
    }

    boolean admits(VersionRange range, IndexEntry entry) {
        return request.includePrereleases()
                ? range.containsIncludingPrereleases(entry.coordinate().version())
                : range.contains(entry.coordinate().version());
    }

    private boolean isUsable(IndexEntry entry) {
        return runsOnHost(entry) && !isWithdrawn(entry);
    }

    boolean runsOnHost(IndexEntry entry) {
        Optional<VersionRange> range = entry.host();
        return request.host().isEmpty()
                || range.isEmpty()
                || range.get().contains(request.host().get());
    }

    /** Whether the release may not be chosen, whatever the ranges say. */
    boolean isWithdrawn(IndexEntry entry) {
        return switch (entry.status().state()) {
            case LIVE -> false;
            case YANKED -> !isInstalled(entry);
            case QUARANTINED, DELETED -> true;
        };
    }

    private boolean isInstalled(IndexEntry entry) {
        return installed.contains(entry.coordinate());
    }

    ResolveRequest request() {
        return request;
    }
}
