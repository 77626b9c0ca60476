package dev.modunest.edge.serve;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** How something that the edge stands on answers, and why it last did not. Thread-safe. */
final class Probe {

    /**
     * An answer.
     *
     * @param error null when it is well
     */
    record State(long millis, @Nullable String error) {

        boolean isUp() {
            return error == null;
        }

        String text() {
            return error == null ? "ok" : error;
        }
    }

    private record LastError(String text, Instant at) {}

    private final InstantSource clock;
    private volatile @Nullable LastError lastError;

    Probe(InstantSource clock) {
        this.clock = clock;
    }

    /** What {@code asked} is found to be; never fails. */
    Future<State> of(Future<?> asked) {
        long begun = System.nanoTime();
        return asked.map(_ -> new State(millisSince(begun), null))
                .otherwise(
                        failure -> {
                            String why = String.valueOf(failure.getMessage());
                            lastError = new LastError(why, clock.instant());
                            return new State(millisSince(begun), why);
                        });
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    JsonObject document(State state) {
        JsonObject document =
                new JsonObject()
                        .put("status", state.isUp() ? "up" : "down")
                        .put("latency_ms", state.millis());
        LastError last = lastError;
        return last == null
                ? document
                : document.put("last_error", last.text())
                        .put("last_error_at", last.at().toString());
    }
}
