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
 * @param maxWait longest wait for a turn
 * @param maxDuration longest time from the first to the last byte of a body
 */
public record UploadConfig(
        @Default("512MiB") ByteSize maxSize,
        @Default("5MiB") ByteSize partSize,
        @Default("8") int maxConcurrent,
        @Default("30s") Duration maxWait,
        @Default("1h") Duration maxDuration) {

    private static final long LEAST_PART = 5L << 20;
    private static final long MOST_PART = 64L << 20;

    public UploadConfig {
        if (partSize.bytes() < LEAST_PART || partSize.bytes() > MOST_PART) {
            throw new IllegalArgumentException(
                    "part_size is 5MiB (the least that S3 takes) to 64MiB, not " + partSize);
        }
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("max_concurrent is at least 1");
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
