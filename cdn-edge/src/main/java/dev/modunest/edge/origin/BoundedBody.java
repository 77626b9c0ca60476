package dev.modunest.edge.origin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

import java.util.Optional;

/** Reads a small response into memory. */
public final class BoundedBody {

    private BoundedBody() {}

    /** The body; empty, and the exchange cancelled, when it is longer than {@code max} bytes. */
    public static Future<Optional<Buffer>> read(HttpClientResponse response, long max) {
        if (declaredLength(response) > max) {
            cancel(response, "the body is not wanted");
            return Future.succeededFuture(Optional.empty());
        }
        Future<Void> end = response.end();
        if (end.failed()) {
            return Future.failedFuture(OriginFailure.of(end.cause()));
        }
        Promise<Optional<Buffer>> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(
                chunk -> {
                    if (body.length() + chunk.length() <= max) {
                        body.appendBuffer(chunk);
                    } else if (promise.tryComplete(Optional.empty())) {
                        cancel(response, "the body is longer than " + max);
                    }
                });
        end.onComplete(
                _ -> promise.tryComplete(Optional.of(body)),
                broken -> promise.tryFail(OriginFailure.of(broken)));
        response.resume();
        return promise.future();
    }

    /** The value of {@code Content-Length}; -1 when there is none. */
    public static long declaredLength(HttpClientResponse response) {
        String length = response.getHeader("Content-Length");
        return length == null ? -1 : Long.parseLong(length);
    }

    public static void cancel(HttpClientResponse response, String why) {
        Origin.cancel(response.request(), new OriginFailure(OriginFailure.Kind.INVALID, why));
    }
}
