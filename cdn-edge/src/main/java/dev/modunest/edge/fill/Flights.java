package dev.modunest.edge.fill;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.HttpDate;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.cache.StoredResponse;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.BoundedBody;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.EndToEndHeaders;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.edge.origin.Serials;
import dev.modunest.format.Digest;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/** Fetches and revalidates responses, one flight for all who may share it. Thread-safe. */
public final class Flights {

    /** A place in a flight; its future never fails and completes on any thread. */
    public record Joined(Future<Landed> landed, boolean leading) {}

    /** Of the client, or written by the edge. */
    private static final List<String> NOT_FORWARDED =
            List.of(
                    "Host",
                    "Range",
                    "If-Range",
                    "If-Match",
                    "If-None-Match",
                    "If-Modified-Since",
                    "If-Unmodified-Since",
                    "Expect",
                    "Content-Length",
                    "X-Request-Id",
                    "X-Forwarded-For",
                    "traceparent",
                    "tracestate",
                    CdnLoop.HEADER);

    private static final int TOO_MANY_REQUESTS = 429;

    private final Origin origin;
    private final Responses responses;
    private final Fills fills;
    private final Refusals refusals;
    private final long maxBuffered;
    private final long maxInMemory;
    private final ConcurrentHashMap<String, Future<Landed>> flights = new ConcurrentHashMap<>();

    /**
     * @param maxInMemory bodies of a known length up to this size take no permit of the fills
     */
    public Flights(
            Origin origin,
            Responses responses,
            Fills fills,
            Refusals refusals,
            ResponseSettings settings,
            long maxInMemory) {
        this.origin = origin;
        this.responses = responses;
        this.fills = fills;
        this.refusals = refusals;
        this.maxBuffered = settings.maxShared().bytes();
        this.maxInMemory = maxInMemory;
    }

    /**
     * Joins the flight of {@code uri} or starts it. Called on an event loop, which then carries the
     * exchange.
     *
     * @param hints told of each 103 that comes for who starts the flight
     */
    public Joined fetch(
            String uri,
            @Nullable StoredResponse stale,
            MultiMap request,
            Asker asker,
            Consumer<MultiMap> hints) {
        Stamp begun = responses.begin(uri);
        MultiMap fields = fields(request, asker);
        if (begun.serial() > 0) {
            fields.set(Serials.MIN, Long.toString(begun.serial()));
        }
        MultiMap unconditional = MultiMap.caseInsensitiveMultiMap().addAll(fields);
        if (stale != null) {
            validate(stale, fields);
        }
        Instant asked = responses.now();
        Promise<Void> over = Promise.promise();
        Landing landing =
                new Landing(uri, stale, request, unconditional, begun, fills.epoch(), asked, over);
        Function<HttpClientResponse, Future<Landed>> land = response -> land(landing, response);
        String variant = responses.variant(uri, request);
        boolean alone =
                responses.isUncacheable(uri)
                        || (request.contains("Authorization")
                                && responses.policy().forwardsFields())
                        || (stale != null && hasArrived(variant));
        return alone
                ? new Joined(fly(uri, fields, hints, land), true)
                : join(uri, variant, fields, hints, land, over.future());
    }

    /**
     * As {@link #fetch} for the path of an artifact that is withdrawn: the origin's refusal is kept
     * until an event says otherwise, whatever its {@code Cache-Control}.
     */
    public Joined fetchRefusal(String uri, Digest withdrawn, Asker asker) {
        Stamp begun = responses.beginNamed();
        return join(
                uri,
                uri,
                asker.headersWithClient(),
                _ -> {},
                response -> landRefusal(uri, withdrawn, begun, response),
                Future.succeededFuture());
    }

    /** Whether a flight is over but for its farewell: what it has brought is what is stale now. */
    private boolean hasArrived(String variant) {
        Future<Landed> flight = flights.get(variant);
        return flight != null
                && flight.isComplete()
                && flight.result() instanceof Landed.Flowing(var _, var _, Fill fill)
                && fill.state() != ByteSource.State.FILLING;
    }

    /** Whether a purge by name has overtaken a flight that still brings its content. */
    private boolean isPurged(String uri, Future<Landed> flight) {
        return flight.isComplete()
                && flight.result() instanceof Landed.Flowing(ResponseHead head, var _, var _)
                && responses.isPurged(uri, head);
    }

    private record Landing(
            String uri,
            @Nullable StoredResponse stale,
            MultiMap request,
            MultiMap sent,
            Stamp begun,
            long epoch,
            Instant asked,
            Promise<Void> over) {}

    private Joined join(
            String uri,
            String variant,
            MultiMap fields,
            Consumer<MultiMap> hints,
            Function<HttpClientResponse, Future<Landed>> land,
            Future<Void> over) {
        Promise<Landed> mine = Promise.promise();
        Future<Landed> theirs = flights.putIfAbsent(variant, mine.future());
        if (theirs != null && isPurged(uri, theirs)) {
            flights.remove(variant, theirs);
            theirs = flights.putIfAbsent(variant, mine.future());
        }
        if (theirs != null) {
            return new Joined(theirs, false);
        }
        Future<Landed> flight = fly(uri, fields, hints, land);
        flight.onComplete(
                done -> {
                    Landed landed = done.result();
                    if (landed instanceof Landed.Flowing) {
                        over.onComplete(_ -> flights.remove(variant, mine.future()));
                    } else {
                        flights.remove(variant, mine.future());
                    }
                    mine.complete(
                            landed instanceof Landed.Passed ? new Landed.Uncacheable() : landed);
                });
        return new Joined(flight, true);
    }

    private Future<Landed> fly(
            String uri,
            MultiMap fields,
            Consumer<MultiMap> hints,
            Function<HttpClientResponse, Future<Landed>> land) {
        Future<HttpClientResponse> answer =
                responses.policy().hedges()
                        ? origin.exchangeHedged(uri, fields)
                        : origin.ask(HttpMethod.GET, uri, fields, hints).response();
        return answer.compose(land)
                .otherwise(failure -> new Landed.Failed(OriginFailure.of(failure)));
    }

    private MultiMap fields(MultiMap request, Asker asker) {
        MultiMap own = asker.headersWithClient();
        if (!responses.policy().forwardsFields()) {
            return own;
        }
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        EndToEndHeaders.copy(request, fields);
        NOT_FORWARDED.forEach(fields::remove);
        return fields.addAll(own);
    }

    /** RFC 9111 4.3.1. */
    private static void validate(StoredResponse stale, MultiMap fields) {
        String tag = stale.field("ETag");
        if (tag != null) {
            fields.set("If-None-Match", tag);
        }
        String modified = stale.field("Last-Modified");
        if (modified != null && HttpDate.parse(modified).isPresent()) {
            fields.set("If-Modified-Since", modified);
        }
    }

    private Future<Landed> landRefusal(
            String uri, Digest withdrawn, Stamp begun, HttpClientResponse response) {
        int status = response.statusCode();
        if (status < 400 || status >= 500) {
            BoundedBody.cancel(response, "not the refusal that the events tell of");
            return Future.succeededFuture(new Landed.Contradicted());
        }
        return BoundedBody.read(response, maxBuffered)
                .map(
                        read -> {
                            if (read.isEmpty()) {
                                return new Landed.Uncacheable();
                            }
                            BufferedResponse refusal = BufferedResponse.of(response, read.get());
                            Freshness lasting = Freshness.untilRemoved(responses.now());
                            refusals.ifRefused(
                                    withdrawn, () -> responses.store(uri, refusal, lasting, begun));
                            return new Landed.Errored(refusal);
                        });
    }

    private Future<Landed> land(Landing landing, HttpClientResponse response) {
        StoredResponse stale = landing.stale();
        int status = response.statusCode();
        if (status == 304 && stale != null) {
            response.resume();
            StoredResponse refreshed =
                    responses.refreshed(
                            landing.uri(),
                            stale,
                            response.headers(),
                            landing.begun(),
                            landing.asked());
            return Future.succeededFuture(new Landed.Stored(refreshed, true));
        }
        boolean standsIn = stale != null && stale.freshness().servableOnError(responses.now());
        Optional<Freshness> freshness =
                status >= 500 && standsIn
                        ? Optional.empty()
                        : responses.judge(
                                landing.uri(),
                                status,
                                response.headers(),
                                landing.request().contains("Authorization"),
                                landing.asked());
        if (freshness.isPresent()) {
            return store(landing, freshness.get(), response);
        }
        if (status >= 500) {
            return share(response);
        }
        if (status != TOO_MANY_REQUESTS) {
            responses.uncacheable(landing.uri());
        }
        return Future.succeededFuture(new Landed.Passed(response));
    }

    /** A failure of the origin is told to all who wait, if it is short. */
    private Future<Landed> share(HttpClientResponse response) {
        if (BoundedBody.declaredLength(response) > maxBuffered) {
            return Future.succeededFuture(new Landed.Passed(response));
        }
        return BoundedBody.read(response, maxBuffered)
                .map(
                        read ->
                                read.<Landed>map(
                                                body ->
                                                        new Landed.Errored(
                                                                BufferedResponse.of(
                                                                        response, body)))
                                        .orElseGet(Landed.Uncacheable::new));
    }

    /** What is cut off goes on when a strong tag tells that it is the same (RFC 9110 13.1.5). */
    private @Nullable Resumption resumption(Landing landing, HttpClientResponse response) {
        String tag = response.getHeader("ETag");
        if (tag == null || tag.startsWith("W/")) {
            return null;
        }
        return new Resumption(origin, landing.uri(), landing.sent(), tag, fills.buffer());
    }

    private Future<Landed> store(
            Landing landing, Freshness freshness, HttpClientResponse response) {
        long size = BoundedBody.declaredLength(response);
        boolean small = size >= 0 && size <= maxInMemory;
        boolean permitted = size <= fills.maxObject() && (small || fills.begin());
        if (!permitted) {
            return Future.succeededFuture(new Landed.Passed(response));
        }
        Stamp stamp =
                landing.begun()
                        .showing(Serials.shown(response.headers(), landing.begun().serial()));
        ResponseHead head =
                ResponseHead.of(
                        response.statusCode(),
                        response.headers(),
                        landing.request(),
                        freshness,
                        stamp);
        Promise<Landed> landed = Promise.promise();
        AtomicBoolean purged = new AtomicBoolean();
        Instant now = responses.now();
        fills.carry(
                Fills.Kind.RESPONSE,
                response,
                new FillJob.Head(
                        ReprDigest.sha256(response.headers()).orElse(null),
                        size,
                        now,
                        freshness.generatedAt(),
                        landing.epoch(),
                        false),
                resumption(landing, response),
                started ->
                        landed.complete(
                                switch (started) {
                                    case Fills.Started.Flowing(Fill fill) ->
                                            new Landed.Flowing(head, size, fill);
                                    case Fills.Started.NoRoom() -> {
                                        if (!small) {
                                            fills.over();
                                        }
                                        yield new Landed.Uncacheable();
                                    }
                                }),
                object -> {
                    if (!responses.insert(landing.uri(), new StoredResponse(head, object))) {
                        purged.set(true);
                    }
                    landing.over().tryComplete();
                },
                outcome -> {
                    if (!small) {
                        fills.over();
                    }
                    switch (outcome) {
                        case FillJob.Outcome.Whole(StoredArtifact object, boolean _) -> {
                            if (purged.get()) {
                                responses.forget(object.digest());
                            }
                        }
                        case FillJob.Outcome.Withdrawn() -> {}
                        case FillJob.Outcome.Mismatch _, FillJob.Outcome.Broken _ ->
                                responses.uncacheable(landing.uri());
                    }
                    landing.over().tryComplete();
                });
        return landed.future();
    }
}
