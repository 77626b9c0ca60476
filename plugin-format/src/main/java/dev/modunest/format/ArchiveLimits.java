package dev.modunest.format;

/**
 * The bounds that an archive is held to.
 *
 * @param entries most entries
 * @param unpackedBytes most bytes of all entries together, unpacked
 * @param entryBytes most bytes of one entry, unpacked
 * @param manifestBytes most bytes of the plugin manifest
 * @param entryRatio most unpacked bytes per packed byte of an entry of more than 1 MiB
 * @param overallRatio most unpacked bytes per packed byte of the whole archive
 * @param nestedDepth how deep archives may stand inside archives
 */
public record ArchiveLimits(
        int entries,
        long unpackedBytes,
        long entryBytes,
        int manifestBytes,
        int entryRatio,
        int overallRatio,
        int nestedDepth) {

    public static final ArchiveLimits DEFAULT =
            new ArchiveLimits(20_000, 1L << 30, 512L << 20, 1 << 20, 100, 50, 1);
}
