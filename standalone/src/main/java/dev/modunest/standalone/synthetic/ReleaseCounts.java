package dev.modunest.standalone.synthetic;

/**
 * How many releases each plugin has: few have very many, popular ones somewhat more than others;
 * together exactly what the shape says.
 */
final class ReleaseCounts {

    private static final double OF_THE_POPULAR = 0.03;

    private final int[] counts;

    ReleaseCounts(Shape shape, Draws draws) {
        this.counts = new int[shape.plugins()];
        Spread spread = new Spread(shape.plugins());
        double[] weights = new double[counts.length];
        double all = 0;
        for (int rank = 0; rank < counts.length; rank++) {
            weights[rank] =
                    Draws.exponential(draws.of(Draws.For.COUNT, rank))
                            * (1 / Math.sqrt(spread.rank(rank) + 1.0)
                                    + OF_THE_POPULAR * Math.pow(rank + 1.0, -0.2));
            all += weights[rank];
        }
        int rest = shape.releases() - shape.plugins();
        int given = 0;
        for (int rank = 0; rank < counts.length; rank++) {
            int more = all == 0 ? 0 : (int) (rest * (weights[rank] / all));
            counts[rank] = 1 + more;
            given += more;
        }
        for (int rank = 0; given < rest; rank = (rank + 1) % counts.length) {
            counts[rank]++;
            given++;
        }
    }

    int of(int rank) {
        return counts[rank];
    }
}
