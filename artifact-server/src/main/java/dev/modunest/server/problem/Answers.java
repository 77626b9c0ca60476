package dev.modunest.server.problem;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.Set;

/** Writes whole documents as answers. */
public final class Answers {

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");

    private Answers() {}

    /**
     * Sends {@code body}; to a HEAD request only its headers. Status and other headers are the
     * caller's.
     */
    public static void send(
            ServerRequest request, ServerResponse response, String mediaType, byte[] body) {
        response.header(HeaderNames.CONTENT_TYPE, mediaType);
        if (request.prologue().method().equals(Method.HEAD)) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
            response.send();
        } else {
            response.send(body);
        }
    }

    /** The method, or {@code OTHER}: clients invent methods, metrics must not grow by them. */
    static String knownMethod(String method) {
        return METHODS.contains(method) ? method : "OTHER";
    }

    /** Has {@code response} kept by its caller alone, when it is {@code secret}. */
    public static void keepPrivate(boolean secret, ServerResponse response) {
        if (secret) {
            response.beforeSend(
                    () -> {
                        response.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
                        response.header(HeaderNames.VARY, "Authorization, Cookie");
                    });
        }
    }
}
