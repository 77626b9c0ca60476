package dev.modunest.edge.counts;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.time.Duration;
import java.util.Optional;

/**
 * Counting of downloads.
 *
 * @param token the origin's {@code downloads.token}; none: nothing is counted here
 * @param interval after which counts are on disk: what a crash loses at most
 * @param retryMax longest wait before a batch is sent again
 * @param maxDistinct artifacts counted in one interval, and counts of one batch
 * @param maxBatches that wait for the origin; past them, the last one grows
 */
public record CountSettings(
        Optional<Secret> token,
        @Default("10s") Duration interval,
        @Default("1m") Duration retryMax,
        @Default("20000") int maxDistinct,
        @Default("1000") int maxBatches) {

    public CountSettings {
        if (interval.toMillis() < 10 || retryMax.compareTo(interval) < 0) {
            throw new IllegalArgumentException(
                    "interval is at least 10ms, and retry_max not less than it");
        }
        if (maxDistinct < 1) {
            throw new IllegalArgumentException("max_distinct is above zero");
        }
        if (maxBatches < 2) {
            throw new IllegalArgumentException("max_batches is at least 2");
        }
    }
}
