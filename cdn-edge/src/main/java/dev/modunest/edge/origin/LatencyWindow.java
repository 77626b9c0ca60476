package dev.modunest.edge.origin;

import java.util.Arrays;
import java.util.OptionalLong;

/** The 95th percentile of the last {@value #SIZE} times. Thread-safe. */
final class LatencyWindow {

    static final int SIZE = 512;

    /** Additions after which the percentile is computed anew. */
    private static final int STEP = 16;

    private final long[] times = new long[SIZE];
    private final int least;
    private int added;
    private long percentile;

    /**
     * @param least times below which nothing is told
     */
    LatencyWindow(int least) {
        this.least = least;
    }

    synchronized void add(long nanos) {
        times[added % SIZE] = nanos;
        added = added == 2 * SIZE - 1 ? SIZE : added + 1;
        if (added == least || added % STEP == 0) {
            int size = Math.min(added, SIZE);
            long[] sorted = Arrays.copyOf(times, size);
            Arrays.sort(sorted);
            percentile = sorted[(int) Math.ceil(size * 0.95) - 1];
        }
    }

    synchronized OptionalLong p95() {
        return added < least ? OptionalLong.empty() : OptionalLong.of(percentile);
    }
}
