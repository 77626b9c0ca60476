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
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether the edge lives, and whether it is of use: without the origin it still is while it has
 * anything cached.
 */
public final class HealthEndpoint {

    private static final String OK = "ok";

    private record Readiness(Probe.State origin, Probe.State disk) {}

    private final Origin origin;
    private final Optional<EventFollower> events;
    private final DiskTier disk;
    private final EdgeCache cache;
    private final Executor blocking;
    private final Instant started;
    private final Probe originProbe;
    private final Probe diskProbe;

    /** The probe in flight: a flood of questions makes one. */
    private final AtomicReference<Future<Readiness>> probing =
            new AtomicReference<>(Future.failedFuture("none yet"));

    public HealthEndpoint(
            Origin origin,
            Optional<EventFollower> events,
            DiskTier disk,
            EdgeCache cache,
            Executor blocking,
            InstantSource clock) {
        this.origin = origin;
        this.started = clock.instant();
        this.originProbe = new Probe(clock);
        this.diskProbe = new Probe(clock);
        this.events = events;
        this.disk = disk;
        this.cache = cache;
        this.blocking = blocking;
    }

    public void live(Exchange x) {
        answer(x, 200, new JsonObject().put("status", "up"));
    }

    /** Before the start the edge does not listen. */
    public void started(Exchange x) {
        answer(
                x,
                200,
                new JsonObject().put("status", "started").put("started_at", started.toString()));
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
        boolean originOk = readiness.origin().isUp();
        boolean useful = originOk || !cache.isEmpty();
        boolean heard = events.map(EventFollower::isConnected).orElse(true);
        boolean whole = originOk && readiness.disk().isUp() && heard;
        String status = !useful ? "down" : whole ? "up" : "degraded";
        answer(
                x,
                useful ? 200 : 503,
                new JsonObject()
                        .put("status", status)
                        .put("origin", readiness.origin().text())
                        .put("origins", origins())
                        .put("disk", readiness.disk().text())
                        .put("events", events.map(EventFollower::state).orElse("none"))
                        .put(
                                "dependencies",
                                new JsonObject()
                                        .put("origin", originProbe.document(readiness.origin()))
                                        .put("disk", diskProbe.document(readiness.disk()))));
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
        Future<Probe.State> originState = originProbe.of(origin.probe());
        Future<Probe.State> diskState = diskProbe.of(probeDisk());
        Future.join(originState, diskState)
                .onComplete(
                        _ ->
                                mine.complete(
                                        new Readiness(originState.result(), diskState.result())));
        return mine.future();
    }

    private Future<Boolean> probeDisk() {
        Promise<Boolean> promise = Promise.promise();
        blocking.execute(
                () -> {
                    try {
                        disk.probe();
                        promise.complete(true);
                    } catch (IOException unwritable) {
                        promise.fail(new IOException("not writable: " + unwritable.getMessage()));
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
