package dev.modunest.server.artifact;

import java.time.Instant;

/** An object as the storage lists it. */
public record BucketEntry(String key, long size, Instant lastModified) {}
