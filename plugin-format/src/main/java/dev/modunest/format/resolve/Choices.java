package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A universe in numbers: plugins and their choices, and what cannot be chosen together. */
final class Choices {

    private final Universe universe;
    private final List<PluginId> plugins;
    private final Map<PluginId, Integer> numbers = new HashMap<>();
    private final List<List<IndexEntry>> candidates = new ArrayList<>();
    private final List<Incompatibility> incompatibilities = new ArrayList<>();
    private final boolean withOptional;

    /** Dependencies of the releases of one plugin that refuse the same. */
    private record Group(int target, ReleaseSet refused, boolean optional) {}

    Choices(Universe universe, boolean withOptional) {
        this.universe = universe;
        this.withOptional = withOptional;
        this.plugins = universe.plugins();
        for (PluginId plugin : plugins) {
            numbers.put(plugin, numbers.size());
            candidates.add(universe.candidates(plugin));
        }
        for (Requirement requirement : universe.request().requirements()) {
            Fact fact = new Fact(List.of(), requirement.plugin(), requirement.range(), false);
            int target = number(requirement.plugin());
            ReleaseSet refused = refused(target, requirement.range(), false);
            incompatibilities.add(
                    every(target).isWithin(refused)
                            ? Incompatibility.always(fact)
                            : Incompatibility.of(fact, target, refused));
        }
        for (int plugin = 0; plugin < plugins.size(); plugin++) {
            addDependencies(plugin);
        }
    }

    private void addDependencies(int plugin) {
        List<IndexEntry> releases = candidates.get(plugin);
        Map<Group, ReleaseSet> groups = new LinkedHashMap<>();
        Map<Group, Dependency> first = new HashMap<>();
        for (int i = 0; i < releases.size(); i++) {
            for (Dependency dependency : releases.get(i).requires()) {
                Integer target = numbers.get(dependency.plugin());
                if (target == null || (dependency.optional() && !withOptional)) {
                    continue;
                }
                ReleaseSet refused = refused(target, dependency.range(), dependency.optional());
                Group group = new Group(target, refused, dependency.optional());
                ReleaseSet requirers = groups.getOrDefault(group, ReleaseSet.none(size(plugin)));
                groups.put(group, requirers.with(i + 1));
                first.putIfAbsent(group, dependency);
            }
        }
        groups.forEach(
                (group, requirers) -> {
                    Dependency dependency = first.get(group);
                    if (dependency != null && !group.refused().isEmpty()) {
                        add(plugin, group, requirers, dependency);
                    }
                });
    }

    private void add(int plugin, Group group, ReleaseSet requirers, Dependency dependency) {
        List<Coordinate> coordinates = new ArrayList<>();
        for (int i = requirers.next(0); i > 0; i = requirers.next(i + 1)) {
            coordinates.add(release(plugin, i).coordinate());
        }
        Fact fact =
                new Fact(
                        coordinates,
                        dependency.plugin(),
                        dependency.range(),
                        dependency.optional());
        boolean refusesAll = every(group.target()).isWithin(group.refused());
        if (group.target() == plugin) {
            ReleaseSet contradicted = requirers.and(group.refused());
            if (!contradicted.isEmpty()) {
                incompatibilities.add(Incompatibility.of(fact, plugin, contradicted));
            }
        } else if (refusesAll) {
            incompatibilities.add(Incompatibility.of(fact, plugin, requirers));
        } else {
            incompatibilities.add(
                    Incompatibility.of(fact, plugin, requirers, group.target(), group.refused()));
        }
    }

    private ReleaseSet refused(int target, VersionRange range, boolean optional) {
        List<IndexEntry> releases = candidates.get(target);
        ReleaseSet refused = ReleaseSet.none(size(target));
        if (!optional) {
            refused = refused.with(ReleaseSet.ABSENT);
        }
        for (int i = 0; i < releases.size(); i++) {
            if (!universe.admits(range, releases.get(i))) {
                refused = refused.with(i + 1);
            }
        }
        return refused;
    }

    List<Incompatibility> incompatibilities() {
        return incompatibilities;
    }

    int plugins() {
        return plugins.size();
    }

    int number(PluginId plugin) {
        Integer number = numbers.get(plugin);
        if (number == null) {
            throw new IllegalStateException(plugin + " is out of reach of the request");
        }
        return number;
    }

    /** How many choices there are for a plugin, its absence included. */
    int size(int plugin) {
        return candidates.get(plugin).size() + 1;
    }

    ReleaseSet every(int plugin) {
        return ReleaseSet.all(size(plugin));
    }

    IndexEntry release(int plugin, int choice) {
        return candidates.get(plugin).get(choice - 1);
    }
}
