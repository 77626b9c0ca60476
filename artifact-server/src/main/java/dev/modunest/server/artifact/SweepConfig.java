package dev.modunest.server.artifact;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * When abandoned uploads are removed.
 *
 * @param period between two sweeps; the first is at start
 * @param age of what is removed; longer than any upload takes
 */
public record SweepConfig(@Default("1h") Duration period, @Default("6h") Duration age) {

    public SweepConfig {
        if (period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("period is at least 1s");
        }
    }
}
