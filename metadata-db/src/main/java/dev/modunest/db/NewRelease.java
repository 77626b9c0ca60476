package dev.modunest.db;

import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;

import java.time.Instant;

/**
 * A release that is about to be live.
 *
 * @param manifestJson the manifest as it stands in the archive
 * @param size bytes of the artifact
 */
public record NewRelease(
        Manifest manifest,
        String manifestJson,
        Digest digest,
        long size,
        long publisherAccountId,
        Instant publishedAt) {}
