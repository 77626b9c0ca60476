package dev.modunest.standalone.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.db.BulkNamespace;
import dev.modunest.db.BulkPlugin;
import dev.modunest.db.BulkRelease;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.LookAlikes;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.format.resolve.Resolver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class SyntheticRegistryTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Shape SHAPE = new Shape(4_000, 20_000, 7);
    private static final SyntheticRegistry REGISTRY = new SyntheticRegistry(SHAPE, NOW);
    private static final List<BulkPlugin> PLUGINS = plugins(REGISTRY, SHAPE);

    private static List<BulkPlugin> plugins(SyntheticRegistry registry, Shape shape) {
        return IntStream.range(0, shape.plugins()).mapToObj(registry::plugin).toList();
    }

    @Test
    void theSameShapeGivesTheSameRegistryAndAnotherSeedAnother() {
        SyntheticRegistry same = new SyntheticRegistry(SHAPE, NOW);
        assertThat(same.plugin(123)).isEqualTo(REGISTRY.plugin(123));
        assertThat(same.namespaces()).isEqualTo(REGISTRY.namespaces());
        assertThat(new SyntheticRegistry(new Shape(4_000, 20_000, 8), NOW).plugin(123))
                .isNotEqualTo(REGISTRY.plugin(123));
    }

    @Test
    void everythingIsDistinctAndAsManyAsTheShapeSays() {
        Set<PluginId> ids = PLUGINS.stream().map(BulkPlugin::id).collect(Collectors.toSet());
        Set<Digest> digests = new HashSet<>();
        Set<Version> versions = new HashSet<>();
        int releases = 0;
        for (BulkPlugin plugin : PLUGINS) {
            versions.clear();
            for (BulkRelease release : plugin.releases()) {
                digests.add(release.entry().digest());
                versions.add(release.entry().coordinate().version());
                releases++;
            }
            assertThat(versions).hasSameSizeAs(plugin.releases());
        }
        assertThat(ids).hasSize(4_000);
        assertThat(releases).isEqualTo(20_000);
        assertThat(digests).hasSize(20_000);
    }

    @Test
    void everyPlaceHasAnotherPlugin() {
        assertThat(
                        IntStream.range(0, SHAPE.plugins())
                                .mapToObj(place -> REGISTRY.inPlace(place).id())
                                .collect(Collectors.toSet()))
                .hasSize(4_000);
        assertThat(REGISTRY.inPlace(1).id()).isNotEqualTo(REGISTRY.plugin(1).id());
    }

    @Test
    void everyNamespaceHasAnOwnerAndEveryPluginANamespace() {
        Set<String> accounts = Set.copyOf(REGISTRY.accounts());
        assertThat(REGISTRY.namespaces())
                .allSatisfy(namespace -> assertThat(accounts).contains(namespace.owner()))
                .anyMatch(BulkNamespace::verified);
        Set<String> namespaces =
                REGISTRY.namespaces().stream().map(BulkNamespace::name).collect(Collectors.toSet());
        assertThat(PLUGINS)
                .allSatisfy(plugin -> assertThat(namespaces).contains(plugin.id().namespace()));
    }

    @Test
    void dependenciesAreOfMorePopularPluginsWithAReleaseInRange() {
        Map<PluginId, Integer> ranks = new HashMap<>();
        PLUGINS.forEach(plugin -> ranks.put(plugin.id(), ranks.size()));
        int dependencies = 0;
        for (BulkPlugin plugin : PLUGINS) {
            for (BulkRelease release : plugin.releases()) {
                for (Dependency dependency : release.entry().requires()) {
                    int required = ranks.getOrDefault(dependency.plugin(), -1);
                    assertThat(required).isBetween(0, ranks.getOrDefault(plugin.id(), -1) - 1);
                    assertThat(REGISTRY.entries(required))
                            .as("%s", dependency)
                            .anyMatch(
                                    entry ->
                                            dependency
                                                    .range()
                                                    .contains(entry.coordinate().version()));
                    dependencies++;
                }
            }
        }
        assertThat(dependencies).isGreaterThan(20_000);
    }

    @Test
    void releasesComeInOrderAndInThePast() {
        for (BulkPlugin plugin : PLUGINS) {
            Instant before = Instant.EPOCH;
            for (BulkRelease release : plugin.releases()) {
                Instant at = release.entry().publishedAt().orElseThrow();
                assertThat(at).isAfter(before).isBefore(NOW);
                before = at;
            }
            assertThat(plugin.createdAt()).isAfter(REGISTRY.begin());
        }
    }

    @Test
    void everyStateAndLookAlikesOccur() {
        assertThat(
                        PLUGINS.stream()
                                .flatMap(plugin -> plugin.releases().stream())
                                .map(release -> release.entry().status().state())
                                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(ReleaseStatus.State.values());
        assertThat(PLUGINS)
                .anyMatch(
                        plugin ->
                                plugin.releases()
                                        .getFirst()
                                        .entry()
                                        .status()
                                        .deprecation()
                                        .isPresent());
        List<PluginId> popular = PLUGINS.subList(0, 500).stream().map(BulkPlugin::id).toList();
        assertThat(PLUGINS.subList(2_000, 4_000))
                .anyMatch(
                        plugin ->
                                popular.stream()
                                        .anyMatch(id -> LookAlikes.resemble(id, plugin.id())));
    }

    @Test
    void downloadsFallWithTheRank() {
        assertThat(downloads(0)).isGreaterThan(20 * downloads(100));
        assertThat(downloads(100)).isGreaterThan(20 * downloads(3_999));
        assertThat(PLUGINS.getFirst().earlierDownloads()).isGreaterThan(downloads(0));
        assertThat(REGISTRY.downloadDays()).hasSize(30).doesNotHaveDuplicates();
        assertThat(PLUGINS)
                .allSatisfy(
                        plugin ->
                                plugin.releases()
                                        .forEach(
                                                release ->
                                                        assertThat(REGISTRY.downloadDays())
                                                                .containsAll(
                                                                        release.downloads()
                                                                                .keySet())));
    }

    private static long downloads(int rank) {
        return PLUGINS.get(rank).releases().stream()
                .flatMap(release -> release.downloads().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theRequirementsOfARequestCanBeMetTogether(long seed) {
        Map<PluginId, List<IndexEntry>> index = new HashMap<>();
        for (int rank = 0; rank < SHAPE.plugins(); rank++) {
            List<IndexEntry> entries = REGISTRY.entries(rank);
            index.put(entries.getFirst().coordinate().plugin(), entries);
        }
        Resolution resolution =
                Resolver.resolve(
                        ResolveRequest.of(REGISTRY.requirements(200, seed)),
                        wanted -> {
                            Map<PluginId, List<IndexEntry>> found = new HashMap<>(index);
                            found.keySet().retainAll(wanted);
                            return found;
                        });
        assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
        assertThat(((Resolution.Resolved) resolution).plan().steps())
                .hasSizeGreaterThanOrEqualTo(200);
    }

    @Test
    void aSmallRegistryIsOneToo() {
        Shape one = new Shape(1, 1, 1);
        SyntheticRegistry registry = new SyntheticRegistry(one, NOW);
        assertThat(registry.inPlace(0).releases()).hasSize(1);
        assertThat(registry.requirements(500, 1)).hasSize(1);
        Shape many = new Shape(2, 100, 1);
        assertThat(
                        plugins(new SyntheticRegistry(many, NOW), many).stream()
                                .mapToInt(plugin -> plugin.releases().size()))
                .hasSize(2)
                .satisfies(
                        sizes -> assertThat(sizes.stream().mapToInt(i -> i).sum()).isEqualTo(100));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1000001, 1000001", "10, 9", "10, 501"})
    void aShapeHasBounds(int plugins, int releases) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Shape(plugins, releases, 1))
                .withMessageContaining("not");
    }
}
