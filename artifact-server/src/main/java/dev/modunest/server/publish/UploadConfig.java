package dev.modunest.server.publish;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Bounds on publishing. Each publish holds {@code partSize} in memory.
 *
 * @param maxSize bytes of one artifact
 * @param partSize bytes sent to the storage at a time
 * @param maxConcurrent most bodies received at once
 * @param maxPercentPerPublisher of these for one account; at least one stays free for others,
 *     unless there is one only or this is 100
 * @param maxWait longest wait for a turn
 * @param maxDuration longest time from the first to the last byte of a body
 * @param minRate bytes per second that have to come, while the server waits for bytes; 0B for any
 * @param minRateWindow waiting over which the rate is averaged
 * @param minRateGrace waiting before the first window
 */
public record UploadConfig(
        @Default("512MiB") ByteSize maxSize,
        @Default("5MiB") ByteSize partSize,
        @Default("8") int maxConcurrent,
        @Default("75") int maxPercentPerPublisher,
        @Default("30s") Duration maxWait,
        @Default("1h") Duration maxDuration,
        @Default("4KiB") ByteSize minRate,
        @Default("30s") Duration minRateWindow,
        @Default("10s") Duration minRateGrace) {

    private static final long LEAST_PART = 5L << 20;
    private static final long MOST_PART = 64L << 20;
    private static final long MOST_RATE = 1L << 30;

    public UploadConfig {
        if (partSize.bytes() < LEAST_PART || partSize.bytes() > MOST_PART) {
            throw new IllegalArgumentException(
                    "part_size is 5MiB (the least that S3 takes) to 64MiB, not " + partSize);
        }
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("max_concurrent is at least 1");
        }
        if (maxPercentPerPublisher < 1 || maxPercentPerPublisher > 100) {
            throw new IllegalArgumentException(
                    "max_percent_per_publisher is 1 to 100, not " + maxPercentPerPublisher);
        }
        if (minRate.bytes() > MOST_RATE) {
            throw new IllegalArgumentException("min_rate is at most 1GiB, not " + minRate);
        }
        requireUpToAnHour("min_rate_window", minRateWindow, 10);
        requireUpToAnHour("min_rate_grace", minRateGrace, 0);
    }

    private static void requireUpToAnHour(String key, Duration value, long leastMillis) {
        if (value.toMillis() < leastMillis || value.toHours() > 1) {
            throw new IllegalArgumentException(
                    key + " is " + leastMillis + "ms to 1h, not " + value);
        }
    }

    /**
     * Bounds on what is inside an archive, {@link ArchiveLimits} in settings.
     *
     * @param entries most entries
     * @param unpackedSize bytes of all entries, unpacked
     * @param entrySize bytes of one entry, unpacked
     * @param manifestSize bytes of the manifest
     * @param entryRatio most unpacked bytes per packed byte of an entry of more than 1 MiB
     * @param overallRatio most unpacked bytes per packed byte of the archive
     * @param nestedDepth how deep archives stand inside archives
     */
    public record Archive(
            @Default("20000") int entries,
            @Default("1GiB") ByteSize unpackedSize,
            @Default("512MiB") ByteSize entrySize,
            @Default("1MiB") ByteSize manifestSize,
            @Default("100") int entryRatio,
            @Default("50") int overallRatio,
            @Default("1") int nestedDepth) {

        public ArchiveLimits limits() {
            return new ArchiveLimits(
                    entries,
                    unpackedSize.bytes(),
                    entrySize.bytes(),
                    (int) manifestSize.bytes(),
                    entryRatio,
                    overallRatio,
                    nestedDepth);
        }
    }
}
