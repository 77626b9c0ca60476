package dev.modunest.edge.cache;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.nio.channels.FileChannel;

/**
 * The bytes of an object, which may still be filling. Thread-safe. Whoever is given one holds a
 * lease, and ends it by {@link #release}.
 */
public interface ByteSource {

    /** How far the bytes can be trusted. */
    enum State {
        /** More bytes come; what is there is not verified. */
        FILLING,
        /** All bytes are there and are what they should be. */
        WHOLE,
        /** No more bytes come, and those that are there must not be used. */
        BROKEN
    }

    /** Bytes that can be read from the beginning. */
    long available();

    State state();

    /**
     * Runs {@code once}, on any thread, as soon as more than {@code seen} bytes are available or
     * the source is no longer filling; perhaps sooner.
     */
    void onChange(long seen, Runnable once);

    /** Reads exactly {@code length} available bytes. Completes on any thread. */
    Future<Chunk> read(long position, int length);

    /** The file that has the available bytes, from which a socket may take them; null: none. */
    @Nullable FileChannel file();

    void release();
}
