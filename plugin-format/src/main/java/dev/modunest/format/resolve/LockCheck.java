package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.Resolution.Reason;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds a lock to the index. Used once. */
final class LockCheck {

    private static final String SOLVE_AGAIN =
            "resolve again, with this lock as what is locked to keep the rest";

    private final Lock lock;
    private final Map<PluginId, Plan.Step> steps = new LinkedHashMap<>();
    private final Map<PluginId, Integer> positions = new HashMap<>();
    private final Map<PluginId, IndexEntry> entries = new HashMap<>();
    private final Universe universe;
    private final KnownReleases known;
    private final List<Reason> reasons = new ArrayList<>();

    LockCheck(Lock lock, ReleaseSource source) {
        this.lock = lock;
        this.known = new KnownReleases(source);
        this.universe =
                new Universe(
                        new ResolveRequest(
                                lock.requirements(),
                                lock.releases(),
                                List.of(),
                                lock.host(),
                                lock.policy()),
                        known);
        for (Plan.Step step : lock.plan().steps()) {
            PluginId plugin = step.coordinate().plugin();
            if (steps.putIfAbsent(plugin, step) != null) {
                fault("superfluous", "the lock has two releases of " + plugin);
            }
            positions.put(plugin, positions.size());
        }
    }

    List<Reason> check(List<Requirement> wanted) {
        known.read(steps.keySet());
        steps.values().forEach(this::exists);
        for (Requirement requirement : wanted) {
            holds("the request", requirement.plugin(), requirement.range());
        }
        steps.keySet().forEach(this::dependencies);
        superfluous(wanted);
        return List.copyOf(reasons);
    }

    private void exists(Plan.Step step) {
        Coordinate coordinate = step.coordinate();
        Optional<IndexEntry> found =
                known.of(coordinate.plugin()).stream()
                        .filter(entry -> entry.coordinate().version().equals(coordinate.version()))
                        .findFirst();
        if (found.isEmpty()) {
            fault("release-unknown", coordinate + " does not exist");
            return;
        }
        IndexEntry entry = found.get();
        entries.put(coordinate.plugin(), entry);
        if (!entry.digest().equals(step.digest()) || entry.size() != step.size()) {
            reasons.add(
                    new Reason(
                            "digest-mismatch",
                            coordinate
                                    + " is locked with digest "
                                    + step.digest()
                                    + " of "
                                    + step.size()
                                    + " bytes and published with "
                                    + entry.digest()
                                    + " of "
                                    + entry.size(),
                            "a release never changes: find out who changed the lock or serves other"
                                    + " bytes before you go on"));
        }
        switch (universe.verdict(entry)) {
            case USABLE, TOO_YOUNG -> {}
            case WITHDRAWN ->
                    fault(
                            "release-withdrawn",
                            coordinate
                                    + " is "
                                    + entry.status().word()
                                    + ": "
                                    + entry.status().reason().orElse(""));
            case OTHER_HOST ->
                    fault(
                            "host-mismatch",
                            coordinate
                                    + " needs host '"
                                    + entry.host().map(VersionRange::toString).orElse("*")
                                    + "' and this one is "
                                    + lock.host().map(Object::toString).orElse(""));
        }
    }

    private void holds(String by, PluginId plugin, VersionRange range) {
        IndexEntry entry = entries.get(plugin);
        if (entry == null) {
            if (!steps.containsKey(plugin)) {
                fault("missing", by + " requires " + plugin + ", which is not in the lock");
            }
        } else if (!universe.admits(range, entry)) {
            fault(
                    "out-of-range",
                    by + " requires " + plugin + " '" + range + "', locked is " + version(plugin));
        }
    }

    private String version(PluginId plugin) {
        IndexEntry entry = entries.get(plugin);
        return entry == null ? "" : entry.coordinate().version().toString();
    }

    private void dependencies(PluginId plugin) {
        IndexEntry entry = entries.get(plugin);
        Plan.Step step = steps.get(plugin);
        if (entry == null || step == null) {
            return;
        }
        Set<Coordinate> unexplained = new LinkedHashSet<>(step.requires());
        if (unexplained.size() != step.requires().size()) {
            fault("wrong-wiring", step.coordinate() + " is wired twice to the same release");
        }
        for (Dependency dependency : entry.requires()) {
            if (!dependency.optional()) {
                holds(step.coordinate().toString(), dependency.plugin(), dependency.range());
            }
            IndexEntry target = entries.get(dependency.plugin());
            if (target == null || !universe.admits(dependency.range(), target)) {
                continue;
            }
            boolean before = position(dependency.plugin()) < position(plugin);
            boolean wired = unexplained.remove(target.coordinate());
            if (wired && !before) {
                fault(
                        "wrong-order",
                        target.coordinate()
                                + " comes after "
                                + step.coordinate()
                                + ", which is wired to it");
            } else if (!wired && (before || !dependency.optional())) {
                fault(
                        "wrong-wiring",
                        step.coordinate() + " is not wired to " + target.coordinate());
            }
        }
        for (Coordinate extra : unexplained) {
            if (steps.containsKey(extra.plugin()) && !entries.containsKey(extra.plugin())) {
                continue;
            }
            fault(
                    "wrong-wiring",
                    step.coordinate() + " is wired to " + extra + ", which it does not require");
        }
    }

    private int position(PluginId plugin) {
        return positions.getOrDefault(plugin, -1);
    }

    private void superfluous(List<Requirement> wanted) {
        Deque<PluginId> open = new ArrayDeque<>();
        Set<PluginId> reached = new HashSet<>();
        wanted.forEach(requirement -> open.add(requirement.plugin()));
        while (!open.isEmpty()) {
            IndexEntry entry = entries.get(open.remove());
            if (entry != null && reached.add(entry.coordinate().plugin())) {
                for (Dependency dependency : entry.requires()) {
                    if (!dependency.optional()) {
                        open.add(dependency.plugin());
                    }
                }
            }
        }
        entries.forEach(
                (plugin, entry) -> {
                    if (!reached.contains(plugin)) {
                        fault("superfluous", "nothing requires " + entry.coordinate());
                    }
                });
    }

    private void fault(String code, String detail) {
        reasons.add(new Reason(code, detail, SOLVE_AGAIN));
    }
}
