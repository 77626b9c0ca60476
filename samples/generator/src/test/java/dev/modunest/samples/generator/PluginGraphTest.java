package dev.modunest.samples.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.samples.generator.GeneratorOptions.Shape;
import dev.modunest.samples.generator.GeneratorOptions.Sizes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

class PluginGraphTest {

    private static final Path NOWHERE = Path.of("nowhere");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 50, 500, 12_345})
    void requiresEarlierPluginsInRangesThatTheyMatch(int count) {
        List<PlannedPlugin> plugins = plan(count, 3);

        Map<PluginId, Version> earlier = new HashMap<>();
        for (PlannedPlugin plugin : plugins) {
            for (Dependency dependency : plugin.requires()) {
                assertThat(earlier)
                        .hasEntrySatisfying(
                                dependency.plugin(),
                                version ->
                                        assertThat(dependency.range().contains(version)).isTrue());
            }
            earlier.put(plugin.coordinate().plugin(), plugin.coordinate().version());
        }
        assertThat(earlier).hasSize(count);
    }

    @Test
    void hasHubsLevelsAndChains() {
        List<PlannedPlugin> plugins = plan(500, 1);

        Map<PluginId, Integer> depths = new HashMap<>();
        Map<PluginId, Integer> dependents = new HashMap<>();
        for (PlannedPlugin plugin : plugins) {
            int depth = 0;
            for (Dependency dependency : plugin.requires()) {
                depth = Math.max(depth, depths.getOrDefault(dependency.plugin(), 0) + 1);
                dependents.merge(dependency.plugin(), 1, Integer::sum);
            }
            depths.put(plugin.coordinate().plugin(), depth);
        }
        assertThat(dependents.values().stream().max(Comparator.naturalOrder()).orElseThrow())
                .as("dependents of the largest hub")
                .isGreaterThan(60);
        assertThat(new HashSet<>(depths.values())).as("levels").contains(0, 1, 2, 3, 4, 5);
        assertThat(depths.values().stream().max(Comparator.naturalOrder()).orElseThrow())
                .as("a chain on top of the levels")
                .isBetween(8, 20);
    }

    @Test
    void mixesTheWaysToWriteARange() {
        Set<String> ranges =
                plan(300, 1).stream()
                        .flatMap(plugin -> plugin.requires().stream())
                        .map(dependency -> dependency.range().toString())
                        .collect(Collectors.toSet());

        assertThat(ranges).contains("^1.0.0", ">=1 <2", "1.x", "~1.0", "~1.3");
    }

    @Test
    void mixesSizes() {
        List<Integer> sizes = plan(500, 1).stream().map(PlannedPlugin::filler).toList();

        assertThat(sizes).allMatch(size -> size >= 8 << 10 && size <= 2 << 20);
        assertThat(sizes).filteredOn(size -> size > 60 << 10).hasSizeBetween(5, 50);
    }

    @Test
    void differsBySeed() {
        assertThat(plan(20, 1)).isEqualTo(plan(20, 1)).isNotEqualTo(plan(20, 2));
    }

    @Test
    void refusesOptionsOutOfRangeWithTheFigures() {
        assertThatThrownBy(() -> GeneratorOptions.of(0, 1, NOWHERE))
                .hasMessage("the number of plugins is 1 to 100000, not 0");
        assertThatThrownBy(() -> new Shape(0, 2, 60, 3, 10, 8))
                .hasMessage("levels is 1 to 100, not 0");
        assertThatThrownBy(() -> new Sizes(10, 9, 20, 1))
                .hasMessage("usual is 10 to 67108864, not 9");
    }

    private static List<PlannedPlugin> plan(int count, long seed) {
        return PluginGraph.plan(GeneratorOptions.of(count, seed, NOWHERE));
    }
}
