package dev.modunest.format.tuf;

/**
 * Bounds of one update, so that no repository can fill a host.
 *
 * @param rootBytes of one root, bytes
 * @param timestampBytes of the timestamp, bytes
 * @param snapshotBytes of the snapshot, bytes, also when the timestamp names more
 * @param targetsBytes of the metadata of one targets role, bytes
 * @param targetBytes of one target file, bytes
 * @param rootRotations new roots taken in one update
 * @param visitedRoles targets roles read to find one target
 */
public record TufLimits(
        int rootBytes,
        int timestampBytes,
        int snapshotBytes,
        int targetsBytes,
        int targetBytes,
        int rootRotations,
        int visitedRoles) {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    public static final TufLimits DEFAULT =
            new TufLimits(512 * KIB, 16 * KIB, 2 * MIB, 5 * MIB, 16 * MIB, 256, 32);

    public TufLimits {
        if (rootBytes < 1
                || timestampBytes < 1
                || snapshotBytes < 1
                || targetsBytes < 1
                || targetBytes < 1
                || rootRotations < 1
                || visitedRoles < 1) {
            throw new IllegalArgumentException("every limit is at least 1");
        }
    }
}
