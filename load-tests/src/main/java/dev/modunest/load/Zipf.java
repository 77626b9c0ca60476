package dev.modunest.load;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Ranks drawn by Zipf's law: rank {@code k}, from 0, with a weight of {@code 1 / (k + 1)^exponent}.
 * The inverse of the cumulative distribution, by binary search.
 */
final class Zipf {

    private final double[] cumulative;

    Zipf(int ranks, double exponent) {
        if (ranks < 1) {
            throw new IllegalArgumentException("at least one rank is needed, not " + ranks);
        }
        cumulative = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += Math.pow(rank + 1.0, -exponent);
            cumulative[rank] = sum;
        }
    }

    int draw(RandomGenerator random) {
        double total = cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, random.nextDouble() * total);
        int rank = found >= 0 ? found + 1 : -found - 1;
        return Math.min(rank, cumulative.length - 1);
    }
}
