package dev.modunest.edge.serve;

import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginState;
import dev.modunest.edge.purge.EventFollower;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether the edge lives, and whether it is of use: without the origin it still is while it has
 * anything cached.
 */
public final class HealthEndpoint {

    private static final String OK = "ok";

    private record Readiness(String origin, String disk) {}

    private final Origin origin;
    private final Optional<EventFollower> events;
    private final DiskTier disk;
    private final EdgeCache cache;
    private final Executor blocking;

    /** The probe in flight: a flood of questions makes one. */
    private final AtomicReference<Future<Readiness>> probing =
            new AtomicReference<>(Future.failedFuture("none yet"));

    public HealthEndpoint(
            Origin origin,
            Optional<EventFollower> events,
            DiskTier disk,
            EdgeCache cache,
            Executor blocking) {
        this.origin = origin;
        this.events = events;
        this.disk = disk;
        this.cache = cache;
        this.blocking = blocking;
    }

    public void live(Exchange x) {
        answer(x, 200, new JsonObject().put("status", "up"));
    }

    public void ready(Exchange x) {
        x.on(
                probe(),
                probed -> {
                    if (!x.isGone()) {
                        answer(x, probed.result());
                    }
                });
    }

    private void answer(Exchange x, Readiness readiness) {
        boolean originOk = readiness.origin().equals(OK);
        boolean diskOk = readiness.disk().equals(OK);
        boolean useful = originOk || !cache.isEmpty();
        boolean whole = originOk && diskOk && events.map(EventFollower::isConnected).orElse(true);
        String status = !useful ? "down" : whole ? "up" : "degraded";
        answer(
                x,
                useful ? 200 : 503,
                new JsonObject()
                        .put("status", status)
                        .put("origin", readiness.origin())
                        .put("origins", origins())
                        .put("disk", readiness.disk())
                        .put("events", events.map(EventFollower::state).orElse("none")));
    }

    /** Each origin server: {@code ok}, or why nothing is asked of it. */
    private JsonObject origins() {
        JsonObject all = new JsonObject();
        for (OriginState state : origin.states()) {
            all.put(
                    state.id(),
                    state.isAsked() ? OK : state.lastFailure().orElse("nothing is asked of it"));
        }
        return all;
    }

    private Future<Readiness> probe() {
        Future<Readiness> running = probing.get();
        if (!running.isComplete()) {
            return running;
        }
        Promise<Readiness> mine = Promise.promise();
        if (!probing.compareAndSet(running, mine.future())) {
            return probe();
        }
        Future<String> originState =
                origin.probe().map(_ -> OK).otherwise(failure -> failure.getMessage());
        Future<String> diskState = probeDisk();
        Future.join(originState, diskState)
                .onComplete(
                        _ ->
                                mine.complete(
                                        new Readiness(originState.result(), diskState.result())));
        return mine.future();
    }

    private Future<String> probeDisk() {
        Promise<String> promise = Promise.promise();
        blocking.execute(
                () -> {
                    try {
                        disk.probe();
                        promise.complete(OK);
                    } catch (IOException unwritable) {
                        promise.complete("not writable: " + unwritable.getMessage());
                    }
                });
        return promise.future();
    }

    private static void answer(Exchange x, int status, JsonObject body) {
        x.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store");
        x.end(Buffer.buffer(body.encode()));
    }
}
