package dev.modunest.db;

import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.trust.TrustLevel;

import java.time.Instant;

/**
 * A release that is about to be live.
 *
 * @param manifestJson the manifest as it stands in the archive
 * @param size bytes of the artifact
 * @param level what the registry found of it
 */
public record NewRelease(
        Manifest manifest,
        String manifestJson,
        Digest digest,
        long size,
        TrustLevel level,
        long publisherAccountId,
        Instant publishedAt) {}
