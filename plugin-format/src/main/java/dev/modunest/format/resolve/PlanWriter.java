package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Orders chosen releases so that each comes after what it is wired to; among those that may come
 * next the one with the lowest id does. An optional dependency that would close a circle is not
 * wired. Used once.
 */
final class PlanWriter {

    private static final String ARTIFACTS = "/artifacts/sha256/";

    private final Universe universe;
    private final Map<PluginId, IndexEntry> chosen = new TreeMap<>();
    private final Map<PluginId, Set<PluginId>> required = new TreeMap<>();
    private final Map<PluginId, Set<PluginId>> waiting = new TreeMap<>();
    private final Map<PluginId, Set<PluginId>> dependents = new HashMap<>();
    private final TreeSet<PluginId> ready = new TreeSet<>();
    private final Set<PluginId> done = new HashSet<>();

    PlanWriter(Universe universe, List<IndexEntry> releases) {
        this.universe = universe;
        releases.forEach(entry -> chosen.put(entry.coordinate().plugin(), entry));
        chosen.forEach(
                (plugin, entry) -> {
                    required.put(plugin, wired(entry, false));
                    Set<PluginId> all = wired(entry, false);
                    all.addAll(wired(entry, true));
                    waiting.put(plugin, all);
                    for (PluginId target : all) {
                        dependents.computeIfAbsent(target, any -> new TreeSet<>()).add(plugin);
                    }
                });
    }

    private Set<PluginId> wired(IndexEntry entry, boolean optional) {
        Set<PluginId> targets = new TreeSet<>();
        for (Dependency dependency : entry.requires()) {
            IndexEntry target = chosen.get(dependency.plugin());
            boolean wanted =
                    dependency.optional() == optional
                            && target != null
                            && universe.admits(dependency.range(), target)
                            && !(optional
                                    && dependency.plugin().equals(entry.coordinate().plugin()));
            if (wanted) {
                targets.add(dependency.plugin());
            }
        }
        return targets;
    }

    /** The plan; a conflict when releases require each other in a circle. */
    Resolution write() {
        Optional<List<Coordinate>> cycle = cycle();
        if (cycle.isPresent()) {
            return new Resolution.Conflict(List.of(Explanation.ofCycle(cycle.get())));
        }
        List<Plan.Step> steps = new ArrayList<>();
        waiting.forEach(
                (plugin, targets) -> {
                    if (targets.isEmpty()) {
                        ready.add(plugin);
                    }
                });
        while (steps.size() < chosen.size()) {
            if (ready.isEmpty()) {
                ready.add(breakOptionalCircle());
            }
            PluginId next = ready.removeFirst();
            done.add(next);
            steps.add(step(next));
            for (PluginId dependent : dependents.getOrDefault(next, Set.of())) {
                Set<PluginId> targets = waiting.getOrDefault(dependent, Set.of());
                if (targets.remove(next) && targets.isEmpty() && !done.contains(dependent)) {
                    ready.add(dependent);
                }
            }
        }
        return new Resolution.Resolved(new Plan(steps));
    }

    /** The lowest plugin that only waits for optional dependencies. */
    private PluginId breakOptionalCircle() {
        return required.entrySet().stream()
                .filter(entry -> !done.contains(entry.getKey()))
                .filter(entry -> done.containsAll(entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("required cycles were excluded"));
    }

    private Plan.Step step(PluginId plugin) {
        IndexEntry entry = entry(plugin);
        Set<PluginId> targets = wired(entry, false);
        targets.addAll(wired(entry, true));
        List<Coordinate> wires =
                targets.stream()
                        .filter(target -> !target.equals(plugin) && done.contains(target))
                        .map(target -> entry(target).coordinate())
                        .toList();
        return new Plan.Step(
                entry.coordinate(),
                entry.digest(),
                entry.size(),
                ARTIFACTS + entry.digest().hex(),
                wires);
    }

    private IndexEntry entry(PluginId plugin) {
        IndexEntry entry = chosen.get(plugin);
        if (entry == null) {
            throw new IllegalStateException(plugin + " was not chosen");
        }
        return entry;
    }

    /** A circle of required dependencies, from its lowest plugin on. */
    private Optional<List<Coordinate>> cycle() {
        Map<PluginId, Set<PluginId>> left = new TreeMap<>();
        required.forEach((plugin, targets) -> left.put(plugin, new TreeSet<>(targets)));
        TreeSet<PluginId> free = new TreeSet<>();
        left.forEach(
                (plugin, targets) -> {
                    if (targets.isEmpty()) {
                        free.add(plugin);
                    }
                });
        while (!free.isEmpty()) {
            PluginId next = free.removeFirst();
            left.remove(next);
            for (PluginId dependent : dependents.getOrDefault(next, Set.of())) {
                Set<PluginId> targets = left.get(dependent);
                if (targets != null && targets.remove(next) && targets.isEmpty()) {
                    free.add(dependent);
                }
            }
        }
        return left.isEmpty() ? Optional.empty() : Optional.of(walk(left));
    }

    /** Everything in {@code left} leads to something in it, so that a walk comes back. */
    private List<Coordinate> walk(Map<PluginId, Set<PluginId>> left) {
        List<PluginId> path = new ArrayList<>();
        PluginId at = left.keySet().iterator().next();
        while (!path.contains(at)) {
            path.add(at);
            at = left.getOrDefault(at, Set.of()).iterator().next();
        }
        List<PluginId> circle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        java.util.Collections.rotate(circle, -circle.indexOf(java.util.Collections.min(circle)));
        return circle.stream().map(plugin -> entry(plugin).coordinate()).toList();
    }
}
