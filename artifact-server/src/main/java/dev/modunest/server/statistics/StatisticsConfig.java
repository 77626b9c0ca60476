package dev.modunest.server.statistics;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How often the size of the index is asked for.
 *
 * @param interval between two questions; a scrape of the metrics asks none
 * @param topPlugins of so many plugins, the most downloaded ones, the downloads are a series each
 */
public record StatisticsConfig(@Default("60s") Duration interval, @Default("100") int topPlugins) {

    private static final int MOST_PLUGINS = 10_000;

    public StatisticsConfig {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval is at least 1s");
        }
        if (topPlugins < 0 || topPlugins > MOST_PLUGINS) {
            throw new IllegalArgumentException("top_plugins is 0 to " + MOST_PLUGINS);
        }
    }
}
