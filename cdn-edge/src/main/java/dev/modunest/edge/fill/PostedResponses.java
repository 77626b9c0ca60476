package dev.modunest.edge.fill;

import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.cache.Stamp;
import dev.modunest.edge.origin.BoundedBody;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;

import java.time.Instant;
import java.util.Optional;

/**
 * Stores responses to POST for later GETs (RFC 9110 9.3.3), where the lifetime is told; only short
 * ones, which are read whole before the client is answered. Thread-safe.
 */
public final class PostedResponses {

    /** A request that is about to be sent. */
    public record Begun(String uri, MultiMap request, Stamp stamp, Instant asked) {}

    private final Responses responses;
    private final long maxSize;

    public PostedResponses(Responses responses, ResponseSettings settings) {
        this.responses = responses;
        this.maxSize = settings.maxShared().bytes();
    }

    public Begun begin(String uri, MultiMap request) {
        return new Begun(uri, request, responses.begin(uri), responses.now());
    }

    /** In bytes. */
    public long maxSize() {
        return maxSize;
    }

    public boolean isStorable(Begun begun, HttpClientResponse response) {
        long size = BoundedBody.declaredLength(response);
        return responses.policy().forwardsFields()
                && response.statusCode() == 200
                && size >= 0
                && size <= maxSize
                && Freshness.isExplicit(response.headers())
                && judge(begun, response.statusCode(), response.headers()).isPresent();
    }

    public void store(Begun begun, BufferedResponse response) {
        judge(begun, response.status(), response.fields())
                .ifPresent(
                        freshness ->
                                responses.store(
                                        begun.uri(),
                                        begun.request(),
                                        response,
                                        freshness,
                                        begun.stamp()));
    }

    private Optional<Freshness> judge(Begun begun, int status, MultiMap fields) {
        boolean authorized = begun.request().contains("Authorization");
        return responses.judge(begun.uri(), status, fields, authorized, begun.asked());
    }
}
