package dev.modunest.server.housekeeping;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * When partitions are made and old rows are removed.
 *
 * @param interval between two rounds; the first is at start
 * @param deleteBatch most rows deleted in one transaction
 */
public record HousekeepingConfig(
        @Default("1h") Duration interval, @Default("1000") int deleteBatch) {

    public HousekeepingConfig {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0
                || interval.compareTo(Duration.ofHours(12)) > 0) {
            throw new IllegalArgumentException("interval is 1s to 12h, not " + interval);
        }
        if (deleteBatch < 1 || deleteBatch > 100_000) {
            throw new IllegalArgumentException("delete_batch is 1 to 100000, not " + deleteBatch);
        }
    }
}
