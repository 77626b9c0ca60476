package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a search has met so far: plugins and what cannot be chosen together. A plugin is looked at
 * when it is first required, the dependencies of a release when it is first chosen.
 */
final class Search {

    private static final Comparator<PluginChoices> BY_ID = Comparator.comparing(PluginChoices::id);

    private final Universe universe;
    private final boolean withOptional;
    private final Consumer<PluginChoices> changed;
    private final Map<PluginId, PluginChoices> plugins = new HashMap<>();

    /** Optional dependencies on plugins that nothing required yet. */
    private final Map<PluginId, List<Waiting>> waiting = new HashMap<>();

    private record Waiting(PluginChoices plugin, Dependency dependency) {}

    Search(Universe universe, boolean withOptional, Consumer<PluginChoices> changed) {
        this.universe = universe;
        this.withOptional = withOptional;
        this.changed = changed;
    }

    /** Takes up the requirements; those that nothing can meet are returned. */
    Set<Fact> state(List<Requirement> requirements) {
        universe.read(requirements);
        Set<Fact> hopeless = new LinkedHashSet<>();
        for (Requirement requirement : requirements) {
            Fact fact = new Fact(List.of(), requirement.plugin(), requirement.range(), false);
            PluginChoices target = plugin(requirement.plugin());
            ReleaseSet refused = target.candidates.refusedBy(requirement.range());
            if (target.candidates.every.isWithin(refused)) {
                hopeless.add(fact);
            } else {
                watch(Incompatibility.of(fact, target, refused));
                changed.accept(target);
            }
        }
        return hopeless;
    }

    PluginChoices plugin(PluginId id) {
        PluginChoices known = plugins.get(id);
        if (known != null) {
            return known;
        }
        PluginChoices plugin = new PluginChoices(universe.candidates(id));
        plugins.put(id, plugin);
        List<Waiting> dependents = waiting.remove(id);
        if (dependents != null) {
            for (Waiting dependent : dependents) {
                state(dependent.plugin(), dependent.dependency(), plugin);
                changed.accept(dependent.plugin());
            }
        }
        return plugin;
    }

    /**
     * Takes up the dependencies of a release, for all releases of the plugin that have them, and
     * returns the plugins that it requires, by id.
     */
    PluginChoices[] required(PluginChoices plugin, int choice) {
        PluginChoices[] known = plugin.required.get(choice);
        if (known != null) {
            return known;
        }
        IndexEntry release = plugin.candidates.release(choice);
        stateDependencies(plugin, release);
        List<PluginChoices> required = new ArrayList<>();
        for (Dependency dependency : release.requires()) {
            if (!dependency.optional()) {
                required.add(plugin(dependency.plugin()));
            }
        }
        required.sort(BY_ID);
        PluginChoices[] sorted = required.toArray(PluginChoices[]::new);
        plugin.required.put(choice, sorted);
        return sorted;
    }

    private void stateDependencies(PluginChoices plugin, IndexEntry release) {
        List<Dependency> fresh = new ArrayList<>();
        List<Requirement> required = new ArrayList<>();
        for (Dependency dependency : release.requires()) {
            if (plugin.stated.add(dependency)) {
                fresh.add(dependency);
                if (!dependency.optional()) {
                    required.add(new Requirement(dependency.plugin(), dependency.range()));
                }
            }
        }
        universe.read(required);
        for (Dependency dependency : fresh) {
            if (!dependency.optional()) {
                state(plugin, dependency, plugin(dependency.plugin()));
            } else if (withOptional) {
                PluginChoices target = plugins.get(dependency.plugin());
                if (target == null) {
                    waiting.computeIfAbsent(dependency.plugin(), any -> new ArrayList<>())
                            .add(new Waiting(plugin, dependency));
                } else {
                    state(plugin, dependency, target);
                }
            }
        }
    }

    private void state(PluginChoices plugin, Dependency dependency, PluginChoices target) {
        VersionRange range = dependency.range();
        ReleaseSet refused = target.candidates.refusedBy(range);
        if (dependency.optional()) {
            refused = refused.minus(target.only(ReleaseSet.ABSENT));
        }
        if (refused.isEmpty()) {
            return;
        }
        ReleaseSet requirers = plugin.having(dependency);
        Fact fact =
                new Fact(coordinates(plugin, requirers), target.id(), range, dependency.optional());
        if (target == plugin) {
            ReleaseSet contradicted = requirers.and(refused);
            if (!contradicted.isEmpty()) {
                watch(Incompatibility.of(fact, plugin, contradicted));
            }
        } else if (target.candidates.every.isWithin(refused)) {
            watch(Incompatibility.of(fact, plugin, requirers));
        } else {
            watch(Incompatibility.of(fact, plugin, requirers, target, refused));
        }
    }

    private static List<Coordinate> coordinates(PluginChoices plugin, ReleaseSet releases) {
        List<Coordinate> coordinates = new ArrayList<>();
        for (int i = releases.next(0); i > 0; i = releases.next(i + 1)) {
            coordinates.add(plugin.candidates.release(i).coordinate());
        }
        return coordinates;
    }

    void watch(Incompatibility incompatibility) {
        for (PluginChoices plugin : incompatibility.plugins) {
            plugin.naming.add(incompatibility);
        }
    }
}
