package dev.modunest.edge.fill;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.Chunk;
import dev.modunest.edge.cache.FileSource;
import dev.modunest.edge.cache.OpenFile;

import io.vertx.core.Future;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One object on its way from the origin, and what its followers see of it: in memory while it is
 * small, in a file when it is not. Thread-safe; changed by its {@link FillJob} alone, who holds the
 * first lease.
 */
public final class Fill implements ByteSource {

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger leases = new AtomicInteger(1);
    private volatile @Nullable ByteBuffer memory;
    private volatile @Nullable OpenFile file;
    private volatile long available;
    private volatile State state = State.FILLING;

    @Override
    public long available() {
        return available;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public void onChange(long seen, Runnable once) {
        waiting.add(once);
        if (available > seen || state != State.FILLING) {
            wake();
        }
    }

    @Override
    public Future<Chunk> read(long position, int length) {
        OpenFile spooled = file;
        if (spooled != null) {
            return FileSource.read(spooled, position, length);
        }
        ByteBuffer bytes = memory;
        if (bytes == null) {
            return Future.failedFuture(new IllegalStateException("nothing has come yet"));
        }
        return Future.succeededFuture(Chunk.of(bytes.slice((int) position, length)));
    }

    @Override
    public @Nullable FileChannel file() {
        OpenFile spooled = file;
        return spooled == null ? null : spooled.channel();
    }

    /** Takes a lease; false when the fill is over and nobody else reads it. */
    public boolean lease() {
        return leases.getAndUpdate(held -> held == 0 ? 0 : held + 1) > 0;
    }

    @Override
    public void release() {
        if (leases.decrementAndGet() == 0) {
            OpenFile spooled = file;
            if (spooled != null) {
                spooled.release();
            }
        }
    }

    /** The first {@code bytes} of it are in memory, and all that are told later, until a file. */
    void keptIn(ByteBuffer bytes) {
        memory = bytes;
    }

    /** All bytes that have come are in {@code spooled}, and the coming ones will be. */
    void keptIn(OpenFile spooled) {
        if (!spooled.lease()) {
            throw new IllegalStateException("the spool is closed before it is filled");
        }
        file = spooled;
    }

    void progressed(long bytes) {
        available = bytes;
        wake();
    }

    void ended(State end) {
        state = end;
        wake();
    }

    private void wake() {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
        }
    }
}
