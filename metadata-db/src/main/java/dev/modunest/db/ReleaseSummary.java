package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.ReleaseStatus;

import java.time.Instant;

/**
 * A published version without its manifest, which may be large.
 *
 * @param size bytes of the artifact
 */
public record ReleaseSummary(
        Coordinate coordinate,
        Digest digest,
        long size,
        ReleaseStatus status,
        String publisher,
        Instant publishedAt) {}
