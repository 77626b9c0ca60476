package dev.modunest.edge.origin;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands a response over from its event loop to one blocking reader. Above the bound the response is
 * paused, so that the origin waits for the disk and not the heap.
 */
public final class OriginBody {

    private sealed interface Signal {
        record Chunk(Buffer bytes) implements Signal {}

        record End() implements Signal {}

        record Broken(OriginFailure why) implements Signal {}
    }

    private final HttpClientResponse response;
    private final Context loop;
    private final long bound;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private volatile boolean paused;

    /**
     * @param loop where the response is delivered
     */
    public OriginBody(HttpClientResponse response, Context loop, long bound) {
        this.response = response;
        this.loop = loop;
        this.bound = bound;
    }

    /**
     * Sets the handlers, on the event loop; nothing flows before {@link #start}. What has broken
     * the response before is told too.
     */
    public void attach() {
        Future<Void> end = response.end();
        if (!end.failed()) {
            response.handler(this::received);
        }
        end.onComplete(
                _ -> signals.add(new Signal.End()),
                broken -> signals.add(new Signal.Broken(OriginFailure.of(broken))));
    }

    public void start() {
        loop.runOnContext(_ -> response.resume());
    }

    /** The next bytes, null at the end. Blocks, at most for the client's idle timeout. */
    public @Nullable Buffer next() throws InterruptedException, OriginFailure {
        return take(signals.take());
    }

    /** As {@link #next()}; fails with TIMEOUT when nothing comes in time. */
    public @Nullable Buffer next(Duration wait) throws InterruptedException, OriginFailure {
        Signal signal = signals.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        if (signal == null) {
            throw new OriginFailure(OriginFailure.Kind.TIMEOUT, "nothing came in time");
        }
        return take(signal);
    }

    /** Ends the response early; its connection is not used again. */
    public void cancel(String why) {
        Origin.cancel(response.request(), new OriginFailure(OriginFailure.Kind.INVALID, why));
    }

    private @Nullable Buffer take(Signal signal) throws OriginFailure {
        return switch (signal) {
            case Signal.Chunk(Buffer bytes) -> {
                if (queued.addAndGet(-bytes.length()) <= bound / 2 && paused) {
                    loop.runOnContext(_ -> resumeIfRoom());
                }
                yield bytes;
            }
            case Signal.End() -> null;
            case Signal.Broken(OriginFailure why) -> throw why;
        };
    }

    private void received(Buffer bytes) {
        long now = queued.addAndGet(bytes.length());
        signals.add(new Signal.Chunk(bytes));
        if (now > bound) {
            response.pause();
            paused = true;
            // The reader may have emptied the queue before it could see the flag.
            resumeIfRoom();
        }
    }

    private void resumeIfRoom() {
        if (paused && queued.get() <= bound / 2) {
            paused = false;
            response.resume();
        }
    }
}
