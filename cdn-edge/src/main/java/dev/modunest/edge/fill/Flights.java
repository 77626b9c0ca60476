package dev.modunest.edge.fill;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.CacheDecision;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.Part;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.cache.StoredResponse;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.BoundedBody;
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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Fetches and revalidates responses, one flight for all who may share it. Thread-safe. */
public final class Flights {

    /** A place in a flight; its future never fails and completes on any thread. */
    public record Joined(Future<Landed> landed, boolean leading) {}

    private static final int PARTIAL = 206;
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
     * @param range the value of {@code Range} that the origin is asked for unless the whole is on
     *     its way; null for the whole
     * @param hints told of each 103 that comes for who starts the flight
     */
    public Joined fetch(
            String uri,
            @Nullable StoredResponse stale,
            @Nullable String range,
            MultiMap request,
            Asker asker,
            Consumer<MultiMap> hints) {
        Stamp begun = responses.begin(uri);
        MultiMap fields = OriginFields.of(responses.policy(), request, asker);
        if (begun.serial() > 0) {
            fields.set(Serials.MIN, Long.toString(begun.serial()));
        }
        MultiMap unconditional = MultiMap.caseInsensitiveMultiMap().addAll(fields);
        String whole = responses.variant(uri, request);
        boolean ranged = range != null && !flights.containsKey(whole);
        if (ranged) {
            fields.set("Range", range);
        }
        if (stale != null) {
            OriginFields.validate(stale, fields);
        }
        Instant asked = responses.now();
        Promise<Void> over = Promise.promise();
        Landing landing =
                new Landing(
                        uri,
                        stale,
                        ranged,
                        request,
                        unconditional,
                        begun,
                        fills.epoch(),
                        asked,
                        over);
        Function<HttpClientResponse, Future<Landed>> land = response -> land(landing, response);
        String variant = ranged ? whole + '\n' + range : whole;
        boolean alone =
                responses.isUncacheable(uri)
                        || (request.contains("Authorization")
                                && responses.policy().forwardsFields())
                        || (stale != null && hasArrived(variant));
        return alone
                ? new Joined(fly(uri, fields, hints, land), true)
                : join(
                        uri,
                        variant,
                        fields,
                        hints,
                        land,
                        over.future(),
                        () -> stale == null ? arrived(uri, request) : Optional.empty());
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
                Future.succeededFuture(),
                Optional::empty);
    }

    /** What a flight has brought that has ended since its response was looked for. */
    private Optional<Landed> arrived(String uri, MultiMap request) {
        return Optional.ofNullable(responses.find(uri, request))
                .filter(stored -> stored.freshness().decide(responses.now()) == CacheDecision.FRESH)
                .map(stored -> new Landed.Stored(stored, false));
    }

    /** Whether a flight is over but for its farewell: what it has brought is what is stale now. */
    private boolean hasArrived(String variant) {
        Future<Landed> flight = flights.get(variant);
        return flight != null
                && flight.isComplete()
                && flight.result() instanceof Landed.Flowing(var _, var _, var _, Fill fill)
                && fill.state() != ByteSource.State.FILLING;
    }

    /** Whether a purge by name has overtaken a flight that still brings its content. */
    private boolean isPurged(String uri, Future<Landed> flight) {
        return flight.isComplete()
                && flight.result() instanceof Landed.Flowing(ResponseHead head, var _, var _, var _)
                && responses.isPurged(uri, head);
    }

    private record Landing(
            String uri,
            @Nullable StoredResponse stale,
            boolean ranged,
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
            Future<Void> over,
            Supplier<Optional<Landed>> arrived) {
        Promise<Landed> mine = Promise.promise();
        Future<Landed> theirs = flights.putIfAbsent(variant, mine.future());
        if (theirs != null && isPurged(uri, theirs)) {
            flights.remove(variant, theirs);
            theirs = flights.putIfAbsent(variant, mine.future());
        }
        if (theirs != null) {
            return new Joined(theirs, false);
        }
        Optional<Landed> before = arrived.get();
        if (before.isPresent()) {
            flights.remove(variant, mine.future());
            mine.complete(before.get());
            return new Joined(mine.future(), false);
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
        if (status == PARTIAL && !isStorablePart(landing, response)) {
            if (!landing.ranged()) {
                responses.uncacheable(landing.uri());
            }
            return Future.succeededFuture(new Landed.Passed(response));
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

    /** An origin may answer with another range than the one that it is asked for. */
    private static boolean isStorablePart(Landing landing, HttpClientResponse response) {
        long length = BoundedBody.declaredLength(response);
        return landing.ranged() && Part.isAnswer(response.headers(), length, landing.request());
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
        if (tag == null || tag.startsWith("W/") || response.statusCode() == PARTIAL) {
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
                        response.statusCode() == PARTIAL
                                ? null
                                : ReprDigest.sha256(response.headers()).orElse(null),
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
                                            new Landed.Flowing(
                                                    head,
                                                    size,
                                                    Freshness.toldAge(response.headers()),
                                                    fill);
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
