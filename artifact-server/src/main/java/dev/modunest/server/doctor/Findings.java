package dev.modunest.server.doctor;

import java.util.Map;

/**
 * What an examination came to.
 *
 * @param objects in the bucket
 * @param bytes of all objects
 * @param releases in the index, deleted ones too
 * @param hashed artifacts read and hashed
 * @param underWay objects without a release that are too young to be told
 * @param removed orphans that were removed
 * @param logFiles of the log, held against its leaves
 * @param differences how many of each code
 */
public record Findings(
        long objects,
        long bytes,
        long releases,
        long hashed,
        long underWay,
        long removed,
        long logFiles,
        Map<String, Long> differences) {

    public boolean agree() {
        return differences.values().stream().mapToLong(Long::longValue).sum() == removed;
    }
}
