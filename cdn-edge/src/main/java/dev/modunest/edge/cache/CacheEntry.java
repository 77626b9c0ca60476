package dev.modunest.edge.cache;

import io.vertx.core.buffer.Buffer;

/** An entry of the memory tier. Its buffer is never written to again, so that it may be shared. */
public sealed interface CacheEntry permits CacheEntry.ArtifactBytes, Document {

    /** Heap taken by an entry beside its body, by measurement of small entries. */
    int OVERHEAD_BYTES = 512;

    /** A whole artifact. */
    record ArtifactBytes(StoredArtifact artifact, Buffer body) implements CacheEntry {

        @Override
        public int weight() {
            return OVERHEAD_BYTES + body.length();
        }
    }

    /** In bytes, overhead included. */
    int weight();
}
