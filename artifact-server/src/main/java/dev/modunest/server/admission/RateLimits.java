package dev.modunest.server.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.db.Account;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Counts actions per account, or per client address without one, against token buckets, and tells
 * by the headers of draft-ietf-httpapi-ratelimit-headers-10 what is left. Thread-safe.
 */
public final class RateLimits {

    public static final HeaderName POLICY = HeaderNames.create("RateLimit-Policy");
    public static final HeaderName LIMIT = HeaderNames.create("RateLimit");

    private static final HeaderName FORWARDED_FOR = HeaderNames.create("X-Forwarded-For");

    private final LimitsConfig config;
    private final Set<InetAddress> trusted;
    private final LongSupplier nanoTime;
    private final Cache<Counted, TokenBucket> buckets;

    private record Counted(LimitedAction action, String party) {}

    public RateLimits(LimitsConfig config, LongSupplier nanoTime) {
        this.config = config;
        this.trusted =
                config.trustedProxies().stream()
                        .map(InetAddress::ofLiteral)
                        .collect(Collectors.toUnmodifiableSet());
        this.nanoTime = nanoTime;
        this.buckets = Caffeine.newBuilder().maximumSize(config.maxParties()).build();
    }

    /** Counts one {@code action} of {@code account}; throws {@link Rejection} past the limit. */
    public void count(LimitedAction action, Account account, ServerResponse response) {
        count(action, "account " + account.id(), response);
    }

    /** Counts one {@code action} of whoever sends {@code request}. */
    public void count(LimitedAction action, ServerRequest request, ServerResponse response) {
        String address =
                request.remotePeer().address() instanceof InetSocketAddress peer
                        ? client(peer.getAddress(), request)
                        : "";
        count(action, "address " + address, response);
    }

    private void count(LimitedAction action, String party, ServerResponse response) {
        LimitsConfig.Bucket size = config.of(action);
        TokenBucket.Taken taken =
                buckets.get(
                                new Counted(action, party),
                                _ -> new TokenBucket(size, nanoTime.getAsLong()))
                        .take(nanoTime.getAsLong());
        String name = "\"" + action.key() + "\"";
        long window = Math.ceilDiv(size.burst(), size.rate());
        String policy = name + ";q=" + size.burst() + ";w=" + window;
        String left = name + ";r=" + taken.remaining() + ";t=" + taken.fullSeconds();
        if (!taken.allowed()) {
            throw refused(action, size, taken)
                    .with(POLICY.defaultCase(), policy)
                    .with(LIMIT.defaultCase(), left);
        }
        response.header(POLICY, policy);
        response.header(LIMIT, left);
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
                                + "; try again in "
                                + taken.waitSeconds()
                                + " seconds, and no faster than the limit")
                .with("Retry-After", Long.toString(taken.waitSeconds()));
    }

    /** The last address that a trusted proxy told of; what stands before it anyone can write. */
    private String client(InetAddress peer, ServerRequest request) {
        if (!trusted.contains(peer)) {
            return peer.getHostAddress();
        }
        Optional<String> forwarded = request.headers().first(FORWARDED_FOR);
        List<String> told = forwarded.map(text -> List.of(text.split(",", -1))).orElse(List.of());
        return told.reversed().stream()
                .map(String::strip)
                .filter(address -> !isTrusted(address))
                .findFirst()
                .orElse(peer.getHostAddress());
    }

    private boolean isTrusted(String address) {
        try {
            return trusted.contains(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    /** How many accounts and addresses are counted. */
    public long parties() {
        return buckets.estimatedSize();
    }
}
