package dev.modunest.edge.origin;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One request at one origin server, from the choice of the server to the end of the response.
 * Thread-safe; only its first end counts.
 */
final class Use {

    private final OriginServer server;
    private final long permit;
    private final long begun;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<Consumer<OriginFailure>> canceller =
            new AtomicReference<>(_ -> {});

    Use(OriginServer server, long permit, long begun) {
        this.server = server;
        this.permit = permit;
        this.begun = begun;
    }

    OriginServer server() {
        return server;
    }

    long permit() {
        return permit;
    }

    long begun() {
        return begun;
    }

    /**
     * The request waits for its response from now on.
     *
     * @param cancel gives it up when the server turns out to be dead
     */
    void await(Consumer<OriginFailure> cancel) {
        canceller.set(cancel);
        server.await(this);
    }

    void leave(OriginFailure why) {
        canceller.get().accept(why);
    }

    /** The head of the response is there. */
    void answered() {
        server.answered(this);
    }

    /** The response has ended well, or its head is all that will tell of the server. */
    void ended() {
        if (over.compareAndSet(false, true)) {
            server.succeeded(this);
            server.released();
        }
    }

    void failed(OriginFailure why) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        switch (why.kind()) {
            case UNREACHABLE, TIMEOUT -> server.failed(this, why);
            case BUSY, INVALID -> server.abandoned(this);
        }
        server.released();
    }
}
