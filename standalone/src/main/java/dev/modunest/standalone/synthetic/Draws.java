package dev.modunest.standalone.synthetic;

import java.util.Random;

/** Random numbers that depend on the seed, what they are for, and a plugin's rank alone. */
record Draws(long seed) {

    /** What a sequence of numbers is for. */
    enum For {
        NAMESPACE(1),
        NAME(2),
        COUNT(3),
        VERSIONS(4),
        FITTING(5),
        DEPENDENCIES(6),
        TEXT(7),
        TIMES(8),
        DOWNLOADS(9),
        STATUS(10),
        REQUEST(11);

        private final long number;

        For(long number) {
            this.number = number;
        }
    }

    Random of(For purpose, long rank) {
        // SplitMix64's finalizer (Steele, Lea, Flood 2014), so that neighbours have nothing in
        // common.
        long mixed = seed * 0x9e3779b97f4a7c15L + rank * 31 + (purpose.number << 48);
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return new Random(mixed ^ (mixed >>> 31));
    }

    /** Exponentially distributed with mean 1, at most 4. */
    static double exponential(Random random) {
        return Math.min(4, -Math.log(1 - random.nextDouble()));
    }

    /** 0 to {@code bound} - 1, low numbers the more often the higher {@code exponent} is. */
    static int skewed(Random random, int bound, double exponent) {
        return (int) (bound * Math.pow(random.nextDouble(), exponent));
    }
}
