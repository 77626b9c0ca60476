package dev.modunest.edge.prefetch;

import dev.modunest.settings.Default;

/**
 * Prefetching.
 *
 * @param maxConcurrent targets fetched at the same time, of all jobs together
 * @param maxWaiting targets that wait for that
 * @param maxJobs that run or whose end is remembered
 */
public record PrefetchSettings(
        @Default("8") int maxConcurrent,
        @Default("100000") int maxWaiting,
        @Default("100") int maxJobs) {

    public PrefetchSettings {
        if (maxConcurrent < 1 || maxConcurrent > 1000) {
            throw new IllegalArgumentException("max_concurrent is 1 to 1000, not " + maxConcurrent);
        }
        if (maxWaiting < 1) {
            throw new IllegalArgumentException("max_waiting is above zero, not " + maxWaiting);
        }
        if (maxJobs < 1 || maxJobs > 10_000) {
            throw new IllegalArgumentException("max_jobs is 1 to 10000, not " + maxJobs);
        }
    }
}
