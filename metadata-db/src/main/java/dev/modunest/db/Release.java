package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.time.Instant;
import java.util.Optional;

/**
 * A published version.
 *
 * @param size bytes of the artifact
 * @param yankedReason present when it is yanked
 */
public record Release(
        Coordinate coordinate,
        Digest digest,
        long size,
        String manifestJson,
        Optional<String> yankedReason,
        String publisher,
        Instant publishedAt) {}
