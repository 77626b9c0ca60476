package dev.modunest.edge.fill;

import dev.modunest.edge.origin.BoundedBody;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginBody;
import dev.modunest.edge.origin.OriginFailure;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Asks for the rest of a body that was cut off (RFC 9110 14).
 *
 * @param fields of the request for the whole
 * @param tag strong entity tag of what has come; null when the bytes are known by their digest
 * @param buffer bytes between the origin's connection and the fill
 */
record Resumption(Origin origin, String uri, MultiMap fields, @Nullable String tag, long buffer) {

    /** The bytes from {@code position} on. Blocks, at most for the timeouts of the origin. */
    OriginBody from(long position, long size) throws OriginFailure, InterruptedException {
        MultiMap request = MultiMap.caseInsensitiveMultiMap().addAll(fields);
        request.set("Range", "bytes=" + position + "-");
        if (tag != null) {
            request.set("If-Range", tag);
        }
        CompletableFuture<OriginBody> body = new CompletableFuture<>();
        origin.exchange(HttpMethod.GET, uri, request)
                .onSuccess(response -> begin(response, position, size, body))
                .onFailure(body::completeExceptionally);
        try {
            return body.get();
        } catch (ExecutionException failed) {
            throw OriginFailure.of(Objects.requireNonNull(failed.getCause(), "no cause"));
        }
    }

    private void begin(
            HttpClientResponse response,
            long position,
            long size,
            CompletableFuture<OriginBody> body) {
        String expected = "bytes " + position + "-" + (size - 1) + "/" + size;
        if (response.statusCode() != 206 || !expected.equals(response.getHeader("Content-Range"))) {
            BoundedBody.cancel(response, "not the rest of the body");
            body.completeExceptionally(
                    new OriginFailure(
                            OriginFailure.Kind.INVALID, "it does not send the rest of the body"));
            return;
        }
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
        OriginBody rest = new OriginBody(response, loop, buffer);
        rest.attach();
        body.complete(rest);
    }
}
