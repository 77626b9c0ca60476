package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;

import java.time.Instant;

/** What a client says about stored responses (RFC 9111 5.2.1, and 5.4 for {@code Pragma}). */
public record RequestDirectives(
        boolean noStore,
        boolean noCache,
        boolean onlyIfCached,
        long maxAge,
        long minFresh,
        long maxStale) {

    private static final RequestDirectives NONE =
            new RequestDirectives(false, false, false, -1, -1, -1);

    public static RequestDirectives of(MultiMap request) {
        if (request.contains("Cache-Control")) {
            CacheControl control = CacheControl.parse(request.getAll("Cache-Control"));
            long maxStale = control.seconds("max-stale");
            return new RequestDirectives(
                    control.has("no-store"),
                    control.has("no-cache"),
                    control.has("only-if-cached"),
                    control.seconds("max-age"),
                    control.seconds("min-fresh"),
                    control.has("max-stale") && maxStale < 0 ? Integer.MAX_VALUE : maxStale);
        }
        if (request.contains("Pragma")
                && CacheControl.parse(request.getAll("Pragma")).has("no-cache")) {
            return new RequestDirectives(false, true, false, -1, -1, -1);
        }
        return NONE;
    }

    /** What may be done with a stored response for this client now. */
    public CacheDecision decide(Freshness freshness, Instant now) {
        CacheDecision allowed = freshness.decide(now);
        if (noCache
                || (maxAge >= 0 && freshness.ageSeconds(now) > maxAge)
                || (maxAge == 0)
                || (minFresh >= 0 && freshness.freshSeconds(now) < minFresh)) {
            return CacheDecision.REVALIDATE;
        }
        boolean staleEnough =
                allowed == CacheDecision.REVALIDATE
                        && maxStale >= 0
                        && freshness.mayBeStale()
                        && freshness.freshSeconds(now) >= -maxStale;
        return staleEnough ? CacheDecision.FRESH : allowed;
    }
}
