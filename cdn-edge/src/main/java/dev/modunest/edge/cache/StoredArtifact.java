package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import java.time.Instant;

/**
 * What the cache knows of an artifact beside its bytes.
 *
 * @param lastModified as the origin had it
 * @param generatedAt when the origin sent it: {@code Age} counts from here
 */
public record StoredArtifact(Digest digest, long size, Instant lastModified, Instant generatedAt) {

    public StoredArtifact {
        if (size < 0) {
            throw new IllegalArgumentException("size is negative: " + size);
        }
    }
}
