package dev.modunest.edge.metrics;

/**
 * One origin server at the time of a scrape.
 *
 * @param breaker {@code closed}, {@code open} or {@code half-open}
 * @param latencySeconds moving mean
 */
public record OriginSample(
        String origin,
        boolean up,
        String breaker,
        int load,
        double latencySeconds,
        long answered,
        long failed) {}
