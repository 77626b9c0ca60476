package dev.modunest.db;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.ReleaseStatus;

import java.time.Instant;

/**
 * The bytes of a release: {@code size} bytes with this digest, served as its status allows.
 *
 * @param secret whether the namespace is private
 */
public record IndexedArtifact(
        PluginId plugin,
        boolean secret,
        Digest digest,
        long size,
        Instant publishedAt,
        ReleaseStatus status) {}
