package dev.modunest.edge.fill;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** A small response of the origin, read whole, that several may be given. */
public record BufferedResponse(int status, MultiMap fields, Buffer body) {

    public static BufferedResponse of(HttpClientResponse response, Buffer body) {
        return new BufferedResponse(response.statusCode(), response.headers(), body);
    }
}
