package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

/** What an entry of the memory tier is found by. */
public sealed interface CacheKey {

    /** An artifact, whichever path names it. */
    record OfArtifact(Digest digest) implements CacheKey {}

    /** A document: path and query as the client sent them. */
    record OfDocument(String uri) implements CacheKey {}
}
