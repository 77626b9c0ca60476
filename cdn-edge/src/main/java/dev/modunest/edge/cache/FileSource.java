package dev.modunest.edge.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.Executor;

/** A whole object on disk. */
public record FileSource(OpenFile open, long size, Executor blocking) implements ByteSource {

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
    public Future<Buffer> read(long position, int length) {
        return read(open, position, length, blocking);
    }

    @Override
    public FileChannel file() {
        return open.channel();
    }

    @Override
    public void release() {
        open.release();
    }

    /** Reads {@code file} on a thread that may block; fails when it ends before. */
    public static Future<Buffer> read(OpenFile file, long position, int length, Executor blocking) {
        Promise<Buffer> promise = Promise.promise();
        blocking.execute(
                () -> {
                    try {
                        byte[] bytes = file.read(position, length);
                        if (bytes.length < length) {
                            throw new IOException("the file ends before " + (position + length));
                        }
                        promise.complete(Buffer.buffer(bytes));
                    } catch (IOException unreadable) {
                        promise.fail(unreadable);
                    }
                });
        return promise.future();
    }
}
