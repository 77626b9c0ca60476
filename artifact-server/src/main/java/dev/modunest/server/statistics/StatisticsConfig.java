package dev.modunest.server.statistics;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How often the size of the index is asked for.
 *
 * @param interval between two questions; a scrape of the metrics asks none
 */
public record StatisticsConfig(@Default("60s") Duration interval) {

    public StatisticsConfig {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval is at least 1s");
        }
    }
}
