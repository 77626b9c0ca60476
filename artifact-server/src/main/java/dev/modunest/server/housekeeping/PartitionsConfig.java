package dev.modunest.server.housekeeping;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How partitions are made.
 *
 * @param aheadDays days after today that have a partition where a day has one
 * @param aheadMonths months after this one that have a partition where a month has one
 * @param lockTimeout longest wait for a lock, and longest time that others wait behind it; more
 *     than Postgres's {@code deadlock_timeout} (1s), after which an automatic vacuum gives way
 * @param maxMovedRows most rows moved out of a default partition at a time
 */
public record PartitionsConfig(
        @Default("7") int aheadDays,
        @Default("2") int aheadMonths,
        @Default("2s") Duration lockTimeout,
        @Default("200000") int maxMovedRows) {

    public PartitionsConfig {
        if (aheadDays < 1 || aheadDays > 60 || aheadMonths < 1 || aheadMonths > 12) {
            throw new IllegalArgumentException(
                    "ahead_days is 1 to 60 and ahead_months 1 to 12, not "
                            + aheadDays
                            + " and "
                            + aheadMonths);
        }
        if (lockTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("lock_timeout is at least 1ms");
        }
        if (maxMovedRows < 1) {
            throw new IllegalArgumentException("max_moved_rows is at least 1");
        }
    }
}
