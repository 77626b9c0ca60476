package dev.modunest.edge.fill;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.Document;
import dev.modunest.edge.cache.OpenFile;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One object on its way from the origin to the disk, and what its followers see of it. Thread-safe;
 * changed by its {@link FillJob} alone.
 */
public final class Fill implements ByteSource {

    /** What is known when the origin's response begins. */
    public sealed interface Opening {

        /** Bytes come into {@code file}. A follower takes a lease of its own. */
        record Flowing(StoredArtifact artifact, OpenFile file) implements Opening {}

        /** The object has been stored or withdrawn meanwhile: look again. */
        record Stored() implements Opening {}

        /** The origin answered with another status than 200. */
        record Refused(Document response) implements Opening {}

        /** The object cannot be stored; everyone asks the origin for themselves. */
        record PassThrough(String why) implements Opening {}

        /** The origin failed. */
        record Failed(OriginFailure why) implements Opening {}
    }

    private final Digest digest;
    private final long begun;
    private final Stamp stamp;
    private final Promise<Opening> opening = Promise.promise();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile long available;
    private volatile State state = State.FILLING;

    /**
     * @param begun the epoch of the refusals in which it begins
     * @param stamp of a refusal that it may end in
     */
    Fill(Digest digest, long begun, Stamp stamp) {
        this.digest = digest;
        this.begun = begun;
        this.stamp = stamp;
    }

    long begun() {
        return begun;
    }

    Stamp stamp() {
        return stamp;
    }

    public Digest digest() {
        return digest;
    }

    /** Never fails; completes on any thread. */
    public Future<Opening> opening() {
        return opening.future();
    }

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

    void open(Opening known) {
        opening.tryComplete(known);
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
