package dev.modunest.server.ranking;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * When downloads, ranks and look-alikes are brought up to date.
 *
 * @param interval between two refreshes; the first is at start
 * @param batch plugins changed at a time
 * @param popular most plugins that others are held against as look-alikes
 * @param popularDownloads fewest downloads of 30 days of these
 */
public record RankingConfig(
        @Default("10m") Duration interval,
        @Default("2000") int batch,
        @Default("1000") int popular,
        @Default("1000") int popularDownloads) {

    public RankingConfig {
        if (interval.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("interval is at least 100ms");
        }
        if (batch < 1 || batch > 100_000) {
            throw new IllegalArgumentException("batch is 1 to 100000, not " + batch);
        }
        if (popular < 0 || popular > 100_000) {
            throw new IllegalArgumentException("popular is 0 to 100000, not " + popular);
        }
        if (popularDownloads < 1) {
            throw new IllegalArgumentException("popular_downloads is at least 1");
        }
    }
}
