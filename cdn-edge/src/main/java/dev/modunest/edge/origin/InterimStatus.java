package dev.modunest.edge.origin;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;

/** The status of an interim response (RFC 9110 15.2) on its way through a client that knows 103. */
public final class InterimStatus {

    private static final String FIELD = "x-modunest-interim-status";

    private InterimStatus() {}

    /** Makes {@code interim} a 103 that tells what it was. */
    static void hide(HttpResponse interim) {
        interim.headers().set(FIELD, Integer.toString(interim.status().code()));
        interim.setStatus(HttpResponseStatus.EARLY_HINTS);
    }

    /** The status that the origin sent, which is taken out of {@code fields}. */
    public static int take(MultiMap fields) {
        String status = fields.get(FIELD);
        fields.remove(FIELD);
        return status == null ? HttpResponseStatus.EARLY_HINTS.code() : Integer.parseInt(status);
    }
}
