package dev.modunest.edge.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

import java.nio.ByteBuffer;

/**
 * The bytes of an object in memory outside of the heap, so that a socket takes them without a copy.
 * Never written to again, so that all event loops share them; freed when nobody refers to them.
 */
public record Content(StoredArtifact artifact, Buffer bytes) {

    /** Heap taken by an entry beside its bytes, by measurement of small entries. */
    private static final int OVERHEAD_BYTES = 512;

    /**
     * The content of an object.
     *
     * @param bytes direct, from its first byte to its limit
     */
    public static Content of(StoredArtifact artifact, ByteBuffer bytes) {
        ByteBuf whole = Unpooled.wrappedBuffer(bytes.duplicate().rewind()).asReadOnly();
        return new Content(artifact, BufferInternal.buffer(Unpooled.unreleasableBuffer(whole)));
    }

    /** In bytes, overhead included. */
    int weight() {
        return OVERHEAD_BYTES + bytes.length();
    }
}
