package dev.modunest.edge.serve;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The trailer section of a response that is handed on (RFC 9110 6.5). */
final class Trailers {

    /**
     * What a trailer must not say, as it frames, routes, controls or describes (RFC 9110 6.5.1).
     */
    private static final Set<String> FORBIDDEN =
            Set.of(
                    "age",
                    "authorization",
                    "cache-control",
                    "cdn-cache-control",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-location",
                    "content-range",
                    "content-type",
                    "date",
                    "expires",
                    "host",
                    "keep-alive",
                    "location",
                    "proxy-authenticate",
                    "retry-after",
                    "set-cookie",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "vary",
                    "www-authenticate");

    private Trailers() {}

    /** Whether who sent {@code request} keeps trailers, as far as its version has them. */
    static boolean areWanted(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2
                || (request.version() == HttpVersion.HTTP_1_1
                        && request.headers().getAll("TE").stream()
                                .anyMatch(te -> te.toLowerCase(Locale.ROOT).contains("trailers")));
    }

    /** Makes {@code trailers} those of the response, before it ends, if the client keeps them. */
    static void copy(MultiMap trailers, HttpServerRequest request) {
        boolean possible =
                request.version() == HttpVersion.HTTP_2 || request.response().isChunked();
        if (trailers.isEmpty() || !possible || !areWanted(request)) {
            return;
        }
        for (Map.Entry<String, String> field : trailers) {
            if (!FORBIDDEN.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                request.response().trailers().add(field.getKey(), field.getValue());
            }
        }
    }
}
