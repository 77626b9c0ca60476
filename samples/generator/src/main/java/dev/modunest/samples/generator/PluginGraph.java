package dev.modunest.samples.generator;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Plans names, versions, sizes and dependencies; a plugin requires earlier ones alone. */
final class PluginGraph {

    private final GeneratorOptions options;
    private final GeneratorOptions.Shape shape;
    private final RandomGenerator random;
    private final int hubs;
    private final int firstOfChains;
    private final int between;
    private final int levels;
    private final List<PlannedPlugin> planned = new ArrayList<>();

    private PluginGraph(GeneratorOptions options) {
        this.options = options;
        this.shape = options.shape();
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(options.seed());
        this.hubs = Math.max(1, percentOf(shape.hubPercent()));
        this.firstOfChains = Math.max(hubs, options.count() - percentOf(shape.chainPercent()));
        this.between = Math.max(1, firstOfChains - hubs);
        this.levels = Math.min(shape.levels(), between);
    }

    /** The plugins in an order in which each stands after what it requires. */
    static List<PlannedPlugin> plan(GeneratorOptions options) {
        PluginGraph graph = new PluginGraph(options);
        for (int index = 0; index < options.count(); index++) {
            graph.planned.add(graph.next(index));
        }
        return List.copyOf(graph.planned);
    }

    private int percentOf(int percent) {
        return (int) ((long) options.count() * percent / 100);
    }

    private PlannedPlugin next(int index) {
        List<Dependency> requires = new ArrayList<>();
        for (int required : required(index)) {
            Coordinate coordinate = planned.get(required).coordinate();
            requires.add(new Dependency(coordinate.plugin(), range(coordinate.version()), false));
        }
        return new PlannedPlugin(
                new Coordinate(new PluginId(GeneratorOptions.NAMESPACE, name(index)), version()),
                requires,
                random.nextLong(),
                filler());
    }

    private String name(int index) {
        int digits = Math.max(4, Integer.toString(options.count()).length());
        return String.format(Locale.ROOT, "p%0" + digits + "d", index + 1);
    }

    private Version version() {
        return new Version(1, random.nextInt(4), random.nextInt(10), List.of());
    }

    private VersionRange range(Version version) {
        return VersionRange.parse(
                switch (random.nextInt(4)) {
                    case 0 -> "~1." + version.minor();
                    case 1 -> ">=1 <2";
                    case 2 -> "1.x";
                    default -> "^1.0.0";
                });
    }

    private int filler() {
        GeneratorOptions.Sizes sizes = options.sizes();
        return random.nextInt(100) < sizes.largePercent()
                ? random.nextInt(sizes.usual(), sizes.largest() + 1)
                : random.nextInt(sizes.smallest(), sizes.usual() + 1);
    }

    private Set<Integer> required(int index) {
        Set<Integer> required = new TreeSet<>();
        if (index < hubs) {
            return required;
        }
        if (index >= firstOfChains && (index - firstOfChains) % shape.chainLength() != 0) {
            required.add(index - 1);
            return required;
        }
        addFromLevelBelow(Math.min(index, firstOfChains - 1), required);
        if (random.nextInt(100) < shape.hubUsePercent()) {
            required.add(popularHub());
        }
        return required;
    }

    private void addFromLevelBelow(int index, Set<Integer> required) {
        int level = levelOf(index);
        int from = level == 0 ? 0 : firstOfLevel(level - 1);
        int to = Math.max(firstOfLevel(level), 1);
        for (int i = random.nextInt(shape.dependencies()); i >= 0; i--) {
            required.add(random.nextInt(from, to));
        }
    }

    /** Levels share what lies between hubs and chains evenly; level 0 requires hubs. */
    private int levelOf(int index) {
        return (int) ((long) Math.max(0, index - hubs) * levels / between);
    }

    private int firstOfLevel(int level) {
        return hubs + (int) (((long) level * between + levels - 1) / levels);
    }

    /** The earlier a hub the more often: the square of a uniform draw. */
    private int popularHub() {
        double draw = random.nextDouble();
        return (int) (draw * draw * hubs);
    }
}
