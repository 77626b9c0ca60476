package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.time.Instant;
import java.util.Optional;

/** What the index says of the bytes of a release; {@code deletedAt} when it was deleted. */
public record IndexedBytes(
        Coordinate coordinate, Digest digest, long size, Optional<Instant> deletedAt) {}
