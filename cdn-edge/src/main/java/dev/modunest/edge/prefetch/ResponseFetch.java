package dev.modunest.edge.prefetch;

import dev.modunest.edge.cache.CacheDecision;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.StoredResponse;
import dev.modunest.edge.fill.BufferedResponse;
import dev.modunest.edge.fill.Fill;
import dev.modunest.edge.fill.Flights;
import dev.modunest.edge.fill.Landed;
import dev.modunest.edge.fill.Responses;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginFailure;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;

import java.time.InstantSource;
import java.util.Optional;

/** Fetches what is no artifact by joining its flight, as for a client without header fields. */
public final class ResponseFetch {

    private final Responses responses;
    private final Flights flights;
    private final EdgeCache cache;
    private final InstantSource clock;

    public ResponseFetch(
            Responses responses, Flights flights, EdgeCache cache, InstantSource clock) {
        this.responses = responses;
        this.flights = flights;
        this.cache = cache;
        this.clock = clock;
    }

    Future<Optional<String>> fetch(String uri, Asker asker) {
        MultiMap request = MultiMap.caseInsensitiveMultiMap();
        StoredResponse stored = responses.find(uri, request);
        boolean usable = stored != null && cache.has(stored.content().digest());
        if (stored != null
                && usable
                && stored.freshness().decide(clock.instant()) == CacheDecision.FRESH) {
            return judged(stored.head(), Future.succeededFuture(Optional.empty()));
        }
        return FollowedFill.onThisLoop(
                        flights.fetch(uri, usable ? stored : null, null, request, asker, _ -> {})
                                .landed())
                .compose(ResponseFetch::landed);
    }

    private static Future<Optional<String>> landed(Landed landed) {
        return switch (landed) {
            case Landed.Stored(StoredResponse stored, boolean _) ->
                    judged(stored.head(), Future.succeededFuture(Optional.empty()));
            case Landed.Flowing(ResponseHead head, long _, long _, Fill fill) ->
                    judged(
                            head,
                            fill.lease()
                                    ? FollowedFill.end(fill)
                                    : Future.succeededFuture(Optional.empty()));
            case Landed.Errored(BufferedResponse response) -> answers(response.status());
            case Landed.Passed(HttpClientResponse response) -> {
                Origin.cancel(
                        response.request(),
                        new OriginFailure(OriginFailure.Kind.INVALID, "it is not to be stored"));
                yield response.statusCode() == 200
                        ? TargetFetch.failed("the origin's answer is not to be stored")
                        : answers(response.statusCode());
            }
            case Landed.Uncacheable() -> TargetFetch.failed("the answer may not be shared");
            case Landed.Contradicted() -> TargetFetch.failed("the origin lags behind its events");
            case Landed.Failed(OriginFailure why) ->
                    TargetFetch.failed(String.valueOf(why.getMessage()));
        };
    }

    /** A refusal is stored too, but it is not what was wanted. */
    private static Future<Optional<String>> judged(
            ResponseHead head, Future<Optional<String>> end) {
        return head.status() < 400
                ? end
                : end.compose(
                        failure ->
                                failure.isPresent()
                                        ? TargetFetch.failed(failure.get())
                                        : answers(head.status()));
    }

    private static Future<Optional<String>> answers(int status) {
        return TargetFetch.failed("the origin answers " + status);
    }
}
