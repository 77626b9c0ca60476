package dev.modunest.edge.cache;

import io.vertx.core.Future;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** A whole object on disk. */
public record FileSource(OpenFile open, long size) implements ByteSource {

    @Override
    public long available() {
        return size;
    }

    @Override
    public State state() {
        return State.WHOLE;
    }

    @Override
    public void onChange(long seen, Runnable once) {
        throw new IllegalStateException("a whole source does not change");
    }

    @Override
    public Future<Chunk> read(long position, int length) {
        return read(open, position, length);
    }

    @Override
    public FileChannel file() {
        return open.channel();
    }

    @Override
    public void release() {
        open.release();
    }

    /**
     * Reads a piece of {@code file} at once; fails when it ends before. What is in the page cache
     * costs less so than another thread; for what is not the caller waits, as it does in sendfile.
     */
    public static Future<Chunk> read(OpenFile file, long position, int length) {
        try {
            return Future.succeededFuture(Chunk.read(file, position, length));
        } catch (IOException unreadable) {
            return Future.failedFuture(unreadable);
        }
    }
}
