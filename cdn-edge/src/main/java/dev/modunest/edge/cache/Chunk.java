package dev.modunest.edge.cache;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes to be written to a client. Whoever is given one tells by {@link #written} when the
 * connection has them or never will, so that their memory is used again.
 */
public final class Chunk {

    private final Buffer bytes;
    private final @Nullable ByteBuf pooled;

    private Chunk(Buffer bytes, @Nullable ByteBuf pooled) {
        this.bytes = bytes;
        this.pooled = pooled;
    }

    /** A part of bytes that stay where they are. */
    public static Chunk of(ByteBuffer part) {
        return new Chunk(buffer(Unpooled.wrappedBuffer(part)), null);
    }

    /** Exactly {@code length} bytes of a file; fails when it ends before. */
    static Chunk read(OpenFile file, long position, int length) throws IOException {
        ByteBuf pooled = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
        try {
            while (pooled.isWritable()) {
                int read =
                        pooled.writeBytes(
                                file.channel(),
                                position + pooled.readableBytes(),
                                pooled.writableBytes());
                if (read < 0) {
                    throw new IOException("the file ends before " + (position + length));
                }
            }
            return new Chunk(buffer(pooled), pooled);
        } catch (IOException | RuntimeException unreadable) {
            pooled.release();
            throw unreadable;
        }
    }

    public Buffer bytes() {
        return bytes;
    }

    /** Once. */
    public void written() {
        if (pooled != null) {
            pooled.release();
        }
    }

    private static Buffer buffer(ByteBuf bytes) {
        return BufferInternal.buffer(Unpooled.unreleasableBuffer(bytes));
    }
}
