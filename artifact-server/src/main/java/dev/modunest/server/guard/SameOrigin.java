package dev.modunest.server.guard;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.util.Set;

/**
 * A browser sends its cookies also where another site has it ask; what changes something is taken
 * from our own pages alone (the Fetch Metadata headers, else Origin).
 */
public final class SameOrigin {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

    private SameOrigin() {}

    /** Throws {@link Rejection} when the request may have been begun by another site. */
    public static void require(ServerRequest request) {
        boolean same =
                SAFE.contains(request.prologue().method().text())
                        || request.headers()
                                .first(FETCH_SITE)
                                .map(site -> site.equals("same-origin"))
                                .orElseGet(() -> hasOwnOrigin(request));
        if (!same) {
            throw new Rejection(
                    ProblemCode.CROSS_SITE,
                    "The request may come from another site and carries the cookie of this one; use the pages of this registry, or send a token by Authorization instead of a cookie");
        }
    }

    private static boolean hasOwnOrigin(ServerRequest request) {
        String host = request.headers().first(HeaderNames.HOST).orElse("");
        return request.headers()
                .first(HeaderNames.ORIGIN)
                .filter(
                        origin ->
                                origin.equals("https://" + host) || origin.equals("http://" + host))
                .isPresent();
    }
}
