package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** The resolver against a search that tries everything in the documented order of preference. */
class ResolverPropertiesTest {

    private static final List<String> RANGES =
            List.of("*", "^1", "^2", "1.0.0", "2.0.0", "<2", ">=1.1.0", "1.0.0 || 2.0.0", "^3");
    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "2.0.0", "2.1.0-rc.1");

    @Property(tries = 3000)
    void agreesWithExhaustiveSearch(@ForAll long seed) {
        Random random = new Random(seed);
        Index index = new Index();
        int plugins = 2 + random.nextInt(5);
        for (int plugin = 0; plugin < plugins; plugin++) {
            for (String version : VERSIONS) {
                if (random.nextInt(4) > 0) {
                    index.add(release(random, plugins, plugin, version));
                }
            }
        }
        ResolveRequest request = request(random, plugins);

        Resolution resolution = Resolver.resolve(request, index);

        Optional<Map<PluginId, IndexEntry>> expected = new Exhaustive(request, index).search();
        switch (resolution) {
            case Resolution.Resolved(Plan plan) -> {
                assertThat(expected).isPresent();
                assertThat(plan.steps())
                        .extracting(Plan.Step::coordinate)
                        .containsExactlyInAnyOrderElementsOf(
                                expected.get().values().stream()
                                        .map(IndexEntry::coordinate)
                                        .toList());
                assertOrderedAndWired(plan, expected.get());
            }
            case Resolution.Conflict(var reasons) -> {
                assertThat(reasons).isNotEmpty();
                boolean cyclic = reasons.getFirst().code().equals("cycle");
                assertThat(expected.isPresent()).isEqualTo(cyclic);
            }
        }
    }

    private static void assertOrderedAndWired(Plan plan, Map<PluginId, IndexEntry> chosen) {
        Set<Coordinate> before = new HashSet<>();
        for (Plan.Step step : plan.steps()) {
            assertThat(before).containsAll(step.requires());
            for (Dependency dependency : get(chosen, step.coordinate().plugin()).requires()) {
                if (!dependency.optional()) {
                    assertThat(step.requires())
                            .contains(get(chosen, dependency.plugin()).coordinate());
                }
            }
            before.add(step.coordinate());
        }
    }

    private static IndexEntry get(Map<PluginId, IndexEntry> chosen, PluginId plugin) {
        return Objects.requireNonNull(chosen.get(plugin));
    }

    private static IndexEntry release(Random random, int plugins, int plugin, String version) {
        Map<Integer, String> requires = new LinkedHashMap<>();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            // Mostly towards higher numbers, so that most universes have no circles.
            int target =
                    random.nextInt(20) == 0
                            ? random.nextInt(plugins)
                            : plugin + 1 + random.nextInt(plugins);
            if (target < plugins + 1 && target != plugin) {
                String optional = random.nextInt(4) == 0 ? "?" : "";
                String range = RANGES.get(random.nextInt(RANGES.size()));
                requires.put(target, optional + "a/p" + target + " " + range);
            }
        }
        return Index.entry(
                "a/p" + plugin + "@" + version,
                Optional.empty(),
                random.nextInt(10) == 0,
                requires.values().toArray(String[]::new));
    }

    private static ResolveRequest request(Random random, int plugins) {
        List<Requirement> requirements = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            requirements.add(
                    Requirement.parse(
                            "a/p" + random.nextInt(plugins) + "@" + RANGES.get(random.nextInt(4))));
        }
        List<Coordinate> installed = new ArrayList<>();
        while (random.nextInt(2) == 0) {
            installed.add(
                    Coordinate.parse(
                            "a/p"
                                    + random.nextInt(plugins)
                                    + "@"
                                    + VERSIONS.get(random.nextInt(4))));
        }
        return new ResolveRequest(
                requirements, installed, Optional.empty(), random.nextInt(4) == 0);
    }

    /** Depth-first search without any cleverness. */
    private record Exhaustive(ResolveRequest request, Index index) {

        Optional<Map<PluginId, IndexEntry>> search() {
            List<PluginId> required =
                    request.requirements().stream()
                            .map(Requirement::plugin)
                            .sorted()
                            .distinct()
                            .toList();
            return search(required, 0, new HashMap<>(), true)
                    .or(() -> search(required, 0, new HashMap<>(), false));
        }

        private Optional<Map<PluginId, IndexEntry>> search(
                List<PluginId> required,
                int next,
                Map<PluginId, IndexEntry> chosen,
                boolean withOptional) {
            if (next == required.size()) {
                return isValid(chosen, withOptional)
                        ? Optional.of(Map.copyOf(chosen))
                        : Optional.empty();
            }
            for (IndexEntry entry : candidates(required.get(next))) {
                List<PluginId> further = new ArrayList<>(required);
                entry.requires().stream()
                        .filter(dependency -> !dependency.optional())
                        .map(Dependency::plugin)
                        .sorted()
                        .filter(plugin -> !further.contains(plugin))
                        .forEach(further::add);
                chosen.put(required.get(next), entry);
                var found = search(further, next + 1, chosen, withOptional);
                chosen.remove(required.get(next));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }

        private List<IndexEntry> candidates(PluginId plugin) {
            return index.of(plugin).stream()
                    .filter(entry -> !entry.yanked() || isInstalled(entry))
                    .sorted(
                            Comparator.comparing((IndexEntry entry) -> !isInstalled(entry))
                                    .thenComparing(
                                            IndexEntry::coordinate, Comparator.reverseOrder()))
                    .toList();
        }

        private boolean isInstalled(IndexEntry entry) {
            return request.installed().contains(entry.coordinate());
        }

        private boolean isValid(Map<PluginId, IndexEntry> chosen, boolean withOptional) {
            for (Requirement requirement : request.requirements()) {
                if (!admits(requirement.range(), get(chosen, requirement.plugin()))) {
                    return false;
                }
            }
            for (IndexEntry entry : chosen.values()) {
                for (Dependency dependency : entry.requires()) {
                    IndexEntry target = chosen.get(dependency.plugin());
                    boolean held = withOptional || !dependency.optional();
                    if (held && target != null && !admits(dependency.range(), target)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean admits(dev.modunest.format.VersionRange range, IndexEntry entry) {
            return request.includePrereleases()
                    ? range.containsIncludingPrereleases(entry.coordinate().version())
                    : range.contains(entry.coordinate().version());
        }
    }
}
