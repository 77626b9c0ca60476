package dev.modunest.samples.generator;

import java.nio.file.Path;

/**
 * What to generate.
 *
 * @param count how many plugins, 1 to 100,000
 * @param seed the same seed, count, shape and sizes give the same bytes
 * @param into the folder of the jars, made when absent
 */
public record GeneratorOptions(int count, long seed, Path into, Shape shape, Sizes sizes) {

    /** The namespace of every generated plugin. */
    public static final String NAMESPACE = "load";

    private static final int MAX_COUNT = 100_000;

    public GeneratorOptions {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "the number of plugins is 1 to " + MAX_COUNT + ", not " + count);
        }
    }

    /** With the default shape and sizes. */
    public static GeneratorOptions of(int count, long seed, Path into) {
        return new GeneratorOptions(count, seed, into, Shape.DEFAULT, Sizes.DEFAULT);
    }

    /**
     * The dependency graph: hubs that many plugins require, levels that require the level below,
     * chains.
     *
     * @param levels levels above the hubs
     * @param hubPercent hubs in a hundred plugins, at least one hub
     * @param hubUsePercent plugins in a hundred that require a hub beside their level
     * @param dependencies most plugins of the level below that a plugin requires
     * @param chainPercent plugins in a hundred that stand in chains
     * @param chainLength plugins in a chain
     */
    public record Shape(
            int levels,
            int hubPercent,
            int hubUsePercent,
            int dependencies,
            int chainPercent,
            int chainLength) {

        public static final Shape DEFAULT = new Shape(5, 2, 60, 3, 10, 8);

        public Shape {
            requireWithin("levels", levels, 1, 100);
            requireWithin("hubPercent", hubPercent, 0, 100);
            requireWithin("hubUsePercent", hubUsePercent, 0, 100);
            requireWithin("dependencies", dependencies, 1, 20);
            requireWithin("chainPercent", chainPercent, 0, 100);
            requireWithin("chainLength", chainLength, 1, 1000);
        }
    }

    /**
     * Bytes of the incompressible resource in a jar.
     *
     * @param smallest of the usual ones
     * @param usual the largest of the usual ones
     * @param largest of the large ones, which start at {@code usual}
     * @param largePercent large ones in a hundred
     */
    public record Sizes(int smallest, int usual, int largest, int largePercent) {

        public static final Sizes DEFAULT = new Sizes(8 << 10, 56 << 10, 2 << 20, 4);

        public Sizes {
            requireWithin("smallest", smallest, 0, 64 << 20);
            requireWithin("usual", usual, smallest, 64 << 20);
            requireWithin("largest", largest, usual, 64 << 20);
            requireWithin("largePercent", largePercent, 0, 100);
        }
    }

    private static void requireWithin(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " is " + least + " to " + most + ", not " + value);
        }
    }
}
