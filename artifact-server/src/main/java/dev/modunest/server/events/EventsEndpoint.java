package dev.modunest.server.events;

import dev.modunest.db.OutboxEvent;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.Party;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.serial.CacheLease;
import dev.modunest.server.serial.SerialConfig;
import dev.modunest.server.serial.SerialHeaders;
import dev.modunest.server.serial.SerialLog;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * {@code GET /api/v1/events}: every change of the index after a serial number, as server-sent
 * events, to a bounded number of clients and, apart from them, of edges: what edges withdraw must
 * not wait for others to leave. A stream holds nothing but its position.
 */
public final class EventsEndpoint {

    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");
    private static final HeaderName ACCEL_BUFFERING = HeaderNames.create("X-Accel-Buffering");
    private static final String RETRY_SECONDS = "5";
    private static final String HIDDEN = "release.hidden";

    private final SerialConfig config;
    private final SerialLog log;
    private final CacheLease lease;
    private final Parties parties;
    private final PluginAuthService auth;
    private final Admission ofClients;
    private final Admission ofEdges;

    public EventsEndpoint(
            SerialConfig config,
            SerialLog log,
            CacheLease lease,
            Parties parties,
            PluginAuthService auth,
            Metrics metrics) {
        this.config = config;
        this.log = log;
        this.lease = lease;
        this.parties = parties;
        this.auth = auth;
        this.ofClients =
                streams("event streams", config.maxStreams(), config.maxStreamsPerClient());
        this.ofEdges =
                streams("event streams of edges", config.maxEdgeStreams(), config.maxEdgeStreams());
        metrics.gauge(
                "modunest_event_streams",
                "Event streams that are open, and those of edges.",
                "state",
                () -> ofEdges,
                Map.<String, ToDoubleFunction<Admission>>of(
                        "open", now -> now.inUse() + ofClients.inUse(), "edges", Admission::inUse));
    }

    /** Nobody waits: a stream ends when its client likes. */
    private static Admission streams(String what, int most, int perParty) {
        return new Admission(what, new Admission.Bounds(most, perParty, 0, 0, Duration.ZERO));
    }

    public void get(ServerRequest request, ServerResponse response) {
        Optional<Long> since = since(request);
        Optional<Instant> at = at(request);
        try (Admission.Permit permit = reserve(request)) {
            permit.await();
            if (!log.awaitBegun(config.maxWait())) {
                throw notYet();
            }
            describe(response);
            if (request.prologue().method().equals(Method.HEAD)) {
                response.send();
            } else {
                send(since.orElseGet(log::applied), at, readableBy(Caller.of(request)), response);
            }
        }
    }

    private Admission.Permit reserve(ServerRequest request) {
        return Caller.of(request) instanceof Principal.Edge
                ? ofEdges.reserve(Party.ANYONE)
                : ofClients.reserve(parties.of(request));
    }

    private static Optional<Long> since(ServerRequest request) {
        Optional<Long> parameter =
                request.query()
                        .first("since")
                        .asOptional()
                        .map(text -> SerialHeaders.number("since", text));
        return parameter.or(
                () ->
                        request.headers()
                                .first(LAST_EVENT_ID)
                                .map(text -> SerialHeaders.number("Last-Event-ID", text)));
    }

    private static Optional<Instant> at(ServerRequest request) {
        return request.query().first("at").asOptional().map(EventsEndpoint::instant);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    "at is a time as RFC 3339 writes it in UTC, not '"
                            + text
                            + "'; take it from the last event that was told");
        }
    }

    private static Rejection notYet() {
        return new Rejection(
                        ProblemCode.DATABASE_UNAVAILABLE,
                        "The changes cannot be followed yet; try again in "
                                + RETRY_SECONDS
                                + " seconds")
                .with("Retry-After", RETRY_SECONDS);
    }

    private static void describe(ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(ACCEL_BUFFERING, "no");
    }

    /**
     * Edges need to hear of all that they may keep; who reads hears of what they may read. That a
     * release was hidden is told to everybody: everybody could read it until then, and may keep it.
     */
    private Predicate<OutboxEvent> readableBy(Principal caller) {
        return caller instanceof Principal.Edge
                ? _ -> true
                : event -> event.kind().equals(HIDDEN) || auth.mayRead(caller, event.plugin());
    }

    private void send(
            long since,
            Optional<Instant> at,
            Predicate<OutboxEvent> readable,
            ServerResponse response) {
        try (EventStream stream = new EventStream(response.outputStream())) {
            follow(since, at, readable, stream);
        } catch (IOException | UncheckedIOException gone) {
            throw new ServerConnectionException("the client is gone", gone);
        }
    }

    private void follow(
            long since, Optional<Instant> at, Predicate<OutboxEvent> readable, EventStream stream)
            throws IOException {
        long serial = since;
        long generation = log.generation();
        // A client may be ahead of this server by what it heard from another.
        boolean _ = log.await(serial, config.maxWait());
        if (at.filter(time -> !log.isOf(since, time)).isPresent()) {
            generation = SerialLog.NO_GENERATION;
        }
        boolean told = false;
        while (true) {
            switch (log.after(serial, generation, told ? config.heartbeat() : Duration.ZERO)) {
                case SerialLog.Tail.Events next -> {
                    stream.events(next.events().stream().filter(readable).toList());
                    serial = next.events().getLast().serial();
                }
                case SerialLog.Tail.Nothing _ -> {
                    if (told && !lease.held()) {
                        stream.waiting();
                    } else {
                        stream.serial(serial);
                        told = true;
                    }
                }
                case SerialLog.Tail.Reset reset -> {
                    stream.reset(reset.serial());
                    serial = reset.serial();
                    generation = reset.generation();
                }
                case SerialLog.Tail.Closed _ -> {
                    return;
                }
            }
        }
    }
}
