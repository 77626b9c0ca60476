package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.time.Duration;
import java.time.Instant;
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
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
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
                assertThat(Lock.of(request, plan).verify(request.requirements(), index)).isEmpty();
            }
            case Resolution.TooComplex given -> throw new AssertionError(given.toString());
            case Resolution.Conflict(var reasons) -> {
                assertThat(reasons).isNotEmpty();
                boolean cyclic = reasons.getFirst().code().equals("cycle");
                assertThat(expected.isPresent()).isEqualTo(cyclic);
            }
        }
    }

    /** Two releases of one plugin are locked, the lower is installed and preferred so. */
    @Example
    void agreesWithExhaustiveSearchWhereALockNamesTwoReleases() {
        agreesWithExhaustiveSearch(-7406690101104542117L);
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
        IndexEntry plain =
                Index.entry(
                        "a/p" + plugin + "@" + version,
                        random.nextInt(6) == 0
                                ? Optional.of(
                                        VersionRange.parse(random.nextBoolean() ? "^1" : "^2"))
                                : Optional.empty(),
                        false,
                        requires.values().toArray(String[]::new));
        return Index.published(
                Index.in(status(random), plain), NOW.minus(Duration.ofDays(random.nextInt(5))));
    }

    private static ReleaseStatus status(Random random) {
        return switch (random.nextInt(24)) {
            case 0, 1, 2 -> ReleaseStatus.of(ReleaseStatus.State.YANKED, "broken");
            case 3 -> ReleaseStatus.of(ReleaseStatus.State.QUARANTINED, "malware");
            case 4 -> ReleaseStatus.of(ReleaseStatus.State.DELETED, "a mistake");
            default -> ReleaseStatus.LIVE;
        };
    }

    private static ResolveRequest request(Random random, int plugins) {
        List<Requirement> requirements = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            requirements.add(
                    Requirement.parse(
                            "a/p" + random.nextInt(plugins) + "@" + RANGES.get(random.nextInt(4))));
        }
        Optional<ResolvePolicy.MinimumAge> minimumAge =
                random.nextInt(2) == 0
                        ? Optional.empty()
                        : Optional.of(
                                new ResolvePolicy.MinimumAge(
                                        Duration.ofDays(random.nextInt(4)), NOW));
        return new ResolveRequest(
                requirements,
                releases(random, plugins),
                releases(random, plugins),
                random.nextInt(3) == 0 ? Optional.of(Version.parse("1.5.0")) : Optional.empty(),
                new ResolvePolicy(
                        random.nextInt(4) == 0,
                        minimumAge,
                        random.nextBoolean()
                                ? ResolvePolicy.Preference.HIGHEST
                                : ResolvePolicy.Preference.INSTALLED));
    }

    private static List<Coordinate> releases(Random random, int plugins) {
        List<Coordinate> releases = new ArrayList<>();
        while (random.nextInt(2) == 0) {
            releases.add(
                    Coordinate.parse(
                            "a/p"
                                    + random.nextInt(plugins)
                                    + "@"
                                    + VERSIONS.get(random.nextInt(4))));
        }
        return releases;
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
                    .filter(this::isUsable)
                    .sorted(
                            Comparator.comparing((IndexEntry entry) -> !isLocked(entry))
                                    .thenComparing(entry -> !isPreferred(entry))
                                    .thenComparing(
                                            IndexEntry::coordinate, Comparator.reverseOrder()))
                    .toList();
        }

        private boolean isUsable(IndexEntry entry) {
            boolean kept = isLocked(entry) || isInstalled(entry);
            boolean shown =
                    entry.status().state() == ReleaseStatus.State.LIVE || (entry.yanked() && kept);
            boolean runs =
                    request.host().isEmpty()
                            || entry.host().isEmpty()
                            || entry.host().get().contains(request.host().get());
            boolean young =
                    request.policy().minimumAge().isPresent()
                            && entry.publishedAt()
                                    .orElseThrow()
                                    .plus(request.policy().minimumAge().get().age())
                                    .isAfter(NOW);
            return shown && runs && (kept || !young);
        }

        private boolean isLocked(IndexEntry entry) {
            return request.locked().contains(entry.coordinate());
        }

        private boolean isInstalled(IndexEntry entry) {
            return request.installed().contains(entry.coordinate());
        }

        private boolean isPreferred(IndexEntry entry) {
            return isInstalled(entry)
                    && request.policy().preference() == ResolvePolicy.Preference.INSTALLED;
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

        private boolean admits(VersionRange range, IndexEntry entry) {
            return request.policy().includePrereleases()
                    ? range.containsIncludingPrereleases(entry.coordinate().version())
                    : range.contains(entry.coordinate().version());
        }
    }
}
