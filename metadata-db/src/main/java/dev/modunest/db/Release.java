package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.ReleaseStatus;

import java.time.Instant;

/**
 * A published version.
 *
 * @param size bytes of the artifact
 */
public record Release(
        Coordinate coordinate,
        Digest digest,
        long size,
        String manifestJson,
        ReleaseStatus status,
        String publisher,
        Instant publishedAt) {

    public ReleaseSummary summary() {
        return new ReleaseSummary(coordinate, digest, size, status, publisher, publishedAt);
    }
}
