package dev.modunest.server.auth;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.util.Optional;

/** The credential of a request: a bearer token (RFC 6750, 2.1), or the cookie of a browser. */
public sealed interface Credentials {

    /** The cookie of browser sessions. With the prefix, on https, no other host can set it. */
    String COOKIE = "modunest-session";

    String SECURE_COOKIE = "__Host-" + COOKIE;

    record None() implements Credentials {}

    record Bearer(String token) implements Credentials {
        @Override
        public String toString() {
            return "Bearer ****";
        }
    }

    record Cookie(String value) implements Credentials {
        @Override
        public String toString() {
            return "Cookie ****";
        }
    }

    /** A header that is there wins; one that is no bearer token is refused. */
    static Credentials of(ServerRequest request) {
        Optional<String> header = request.headers().first(HeaderNames.AUTHORIZATION);
        if (header.isPresent()) {
            return new Bearer(bearer(header.get()));
        }
        return cookie(request, SECURE_COOKIE)
                .or(() -> cookie(request, COOKIE))
                .<Credentials>map(Cookie::new)
                .orElseGet(None::new);
    }

    private static Optional<String> cookie(ServerRequest request, String name) {
        return request.headers().cookies().first(name).asOptional();
    }

    private static String bearer(String header) {
        String scheme = "Bearer ";
        if (!header.regionMatches(true, 0, scheme, 0, scheme.length())) {
            throw Unauthorized.with(
                    ProblemCode.TOKEN_UNKNOWN,
                    "The header Authorization has another scheme than Bearer; send Authorization: Bearer <token>",
                    "invalid_request");
        }
        return header.substring(scheme.length()).strip();
    }

    /** The answers to credentials that do not do. */
    final class Unauthorized {

        private Unauthorized() {}

        /** With the challenge of RFC 6750, 3. */
        public static Rejection with(ProblemCode code, String detail, String error) {
            return new Rejection(code, detail)
                    .with(
                            "WWW-Authenticate",
                            "Bearer realm=\"modunest\""
                                    + (error.isEmpty() ? "" : ", error=\"" + error + "\""));
        }
    }
}
