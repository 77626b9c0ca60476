package dev.modunest.edge.fill;

import io.vertx.core.MultiMap;

/**
 * For whom the origin is asked: it holds the client to its limits, and not the edge.
 *
 * @param fields of the request, from which the origin may choose a variant
 * @param forwardedFor the addresses that the request came through, the client's own the last
 */
public record Asker(MultiMap fields, String requestId, String forwardedFor) {

    boolean isAuthorized() {
        return fields.contains("Authorization");
    }
}
