package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import java.time.Instant;

/**
 * What the cache knows of an artifact beside its bytes.
 *
 * @param lastModified as the origin had it
 * @param generatedAt when the origin sent it: {@code Age} counts from here
 * @param secret whether it is only for those who prove that they may have it
 */
public record StoredArtifact(
        Digest digest, long size, Instant lastModified, Instant generatedAt, boolean secret) {

    public StoredArtifact {
        if (size < 0) {
            throw new IllegalArgumentException("size is negative: " + size);
        }
    }

    /** What everybody may have. */
    public StoredArtifact(Digest digest, long size, Instant lastModified, Instant generatedAt) {
        this(digest, size, lastModified, generatedAt, false);
    }
}
