package dev.modunest.edge.origin;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Asking a second origin server for a document that takes unusually long.
 *
 * @param samples documents fetched before the 95th percentile of their times is trusted
 * @param min shortest wait
 */
public record HedgeSettings(
        @Default("true") boolean enabled,
        @Default("100") int samples,
        @Default("10ms") Duration min) {

    public HedgeSettings {
        if (samples < 1 || samples > LatencyWindow.SIZE) {
            throw new IllegalArgumentException(
                    "samples is 1 to " + LatencyWindow.SIZE + ", not " + samples);
        }
        if (min.toMillis() < 1 || min.toMinutes() > 1) {
            throw new IllegalArgumentException("min is 1ms to 1m");
        }
    }
}
