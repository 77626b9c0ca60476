package dev.modunest.server.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.function.LongSupplier;

/**
 * Counts the actions of each party against token buckets, and tells by the headers of
 * draft-ietf-httpapi-ratelimit-headers-10 what is left. Thread-safe.
 */
public final class RateLimits {

    public static final HeaderName POLICY = HeaderNames.create("RateLimit-Policy");
    public static final HeaderName LIMIT = HeaderNames.create("RateLimit");

    private final LimitsConfig config;
    private final Parties parties;
    private final LongSupplier nanoTime;
    private final Cache<Counted, TokenBucket> buckets;

    private record Counted(LimitedAction action, Party party) {}

    public RateLimits(LimitsConfig config, Parties parties, LongSupplier nanoTime) {
        this.config = config;
        this.parties = parties;
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder().maximumSize(config.maxParties()).build();
    }

    /** As {@code handler}, and counted; past the limit it is not called. */
    public Handler counting(LimitedAction action, Handler handler) {
        return (request, response) -> {
            count(action, request, response);
            handler.handle(request, response);
        };
    }

    /**
     * Counts a credential of that address that does not do; past the limit throws what is answered
     * instead, so that guessing is slow.
     */
    public void countRefusedCredential(ServerRequest request) {
        TokenBucket.Taken taken = take(LimitedAction.AUTHENTICATE, parties.address(request));
        if (!taken.allowed()) {
            throw refused(LimitedAction.AUTHENTICATE, config.of(LimitedAction.AUTHENTICATE), taken);
        }
    }

    private TokenBucket.Taken take(LimitedAction action, Party party) {
        return buckets.get(
                        new Counted(action, party),
                        _ -> new TokenBucket(config.of(action), nanoTime.getAsLong()))
                .take(nanoTime.getAsLong());
    }

    private void count(LimitedAction action, ServerRequest request, ServerResponse response) {
        LimitsConfig.Bucket size = config.of(action);
        TokenBucket.Taken taken = take(action, parties.of(request));
        String name = "\"" + action.key() + "\"";
        long window = Math.ceilDiv(size.burst(), size.rate());
        response.header(POLICY, name + ";q=" + size.burst() + ";w=" + window);
        response.header(LIMIT, name + ";r=" + taken.remaining() + ";t=" + taken.fullSeconds());
        if (!taken.allowed()) {
            throw refused(action, size, taken);
        }
    }

    private static Rejection refused(
            LimitedAction action, LimitsConfig.Bucket size, TokenBucket.Taken taken) {
        return new Rejection(
                        ProblemCode.RATE_LIMITED,
                        "The limit for "
                                + action.key()
                                + " is "
                                + size.rate()
                                + " per second after a burst of "
                                + size.burst()
                                + " (limits."
                                + action.key()
                                + "); try again in "
                                + taken.waitSeconds()
                                + " seconds, and no faster than the limit")
                .with("Retry-After", Long.toString(taken.waitSeconds()));
    }
}
