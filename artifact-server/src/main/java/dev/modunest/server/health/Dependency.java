package dev.modunest.server.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Something that the process stands on. Asked once at a time. Thread-safe. */
final class Dependency {

    private record LastError(String text, Instant at) {}

    /** How it is now; {@code error} present when it is down. */
    record State(String name, long millis, Optional<String> error, boolean slow) {

        String status() {
            if (error.isPresent()) {
                return "down";
            }
            return slow ? "slow" : "up";
        }
    }

    private final String name;
    private final Runnable ping;
    private final HealthConfig config;
    private final InstantSource clock;
    private volatile double up = Double.NaN;
    private final AtomicReference<Optional<LastError>> lastError =
            new AtomicReference<>(Optional.empty());

    Dependency(String name, Runnable ping, HealthConfig config, InstantSource clock) {
        this.name = name;
        this.ping = ping;
        this.config = config;
        this.clock = clock;
    }

    /** 1 or 0 as it was when it was asked last; NaN before. */
    double up() {
        return up;
    }

    Future<?> begin(ExecutorService threads) {
        return threads.submit(ping);
    }

    State await(Future<?> answer, long begunNanos) {
        Optional<String> error = errorOf(answer, begunNanos);
        error.ifPresent(text -> lastError.set(Optional.of(new LastError(text, clock.instant()))));
        long millis = millisSince(begunNanos);
        up = error.isEmpty() ? 1 : 0;
        return new State(name, millis, error, millis > config.slow().toMillis());
    }

    private Optional<String> errorOf(Future<?> answer, long begunNanos) {
        try {
            answer.get(
                    Math.max(0, config.timeout().toMillis() - millisSince(begunNanos)),
                    TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException failed) {
            return Optional.of(String.valueOf(failed.getCause()));
        } catch (TimeoutException late) {
            answer.cancel(true);
            return Optional.of("no answer within " + config.timeout().toMillis() + " ms");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return Optional.of("the server is stopping");
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    ObjectNode document(State state) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("status", state.status())
                        .put("latency_ms", state.millis());
        lastError
                .get()
                .ifPresent(
                        error ->
                                document.put("last_error", error.text())
                                        .put("last_error_at", error.at().toString()));
        return document;
    }
}
