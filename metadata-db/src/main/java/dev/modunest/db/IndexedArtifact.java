package dev.modunest.db;

import dev.modunest.format.Digest;

import java.time.Instant;

/** Bytes that are live: {@code size} bytes with this digest. */
public record IndexedArtifact(Digest digest, long size, Instant publishedAt) {}
