package dev.modunest.edge.origin;

import io.vertx.core.MultiMap;

import java.util.List;

/**
 * For whom the origin is asked: it holds the client to its limits, and not the edge.
 *
 * @param forwardedFor the addresses that the request came through, the client's own the last
 * @param loop values of {@code CDN-Loop} that the request came with, so that a loop is seen by
 *     whoever has started it
 * @param trace that the request is of
 */
public record Asker(String requestId, String forwardedFor, List<String> loop, TraceFields trace) {

    /** What a request in the edge's own name has, so that it is followed from hop to hop. */
    public MultiMap headers() {
        MultiMap fields =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Via", "1.1 modunest-edge")
                        .add("X-Request-Id", requestId)
                        .add(CdnLoop.HEADER, loop);
        trace.setIn(fields);
        return fields;
    }

    /** As {@link #headers}, with the client's address. */
    public MultiMap headersWithClient() {
        return headers().add("X-Forwarded-For", forwardedFor);
    }
}
