package dev.modunest.edge.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.settings.TrustedProxies;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A bucket of requests for each network of clients, and one for each token that is sent: a request
 * takes from both, since at the edge a token is not checked and must not buy a bucket of its own.
 * Thread-safe.
 */
public final class ClientLimits {

    private final LongSupplier nanoTime;
    private volatile Table table;

    public ClientLimits(LimitSettings settings, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.table = Table.of(settings);
    }

    /**
     * What a request is told.
     *
     * @param policy the value of RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10)
     * @param state the value of RateLimit
     * @param retryAfterSeconds when the next one is allowed
     */
    public record Verdict(boolean allowed, String policy, String state, long retryAfterSeconds) {}

    private record Table(
            LimitSettings settings,
            TrustedProxies proxies,
            Cache<Object, TokenBucket> buckets,
            String policy) {

        static Table of(LimitSettings settings) {
            return new Table(
                    settings,
                    new TrustedProxies(settings.trustedProxies()),
                    Caffeine.newBuilder().maximumSize(settings.maxClients()).build(),
                    "\"edge\";q="
                            + settings.burst()
                            + ";w="
                            + (settings.rate() == 0
                                    ? 0
                                    : Math.ceilDiv(settings.burst(), settings.rate())));
        }
    }

    /** Changes the limits; what clients have used of the old ones is forgotten. */
    public void change(LimitSettings settings) {
        if (!settings.equals(table.settings)) {
            table = Table.of(settings);
        }
    }

    /** Whether there is a limit. */
    public boolean isLimiting() {
        return table.settings.rate() > 0;
    }

    /** The client: the peer, or whom trusted proxies name. */
    public InetAddress client(InetAddress peer, List<String> forwarded) {
        return table.proxies.client(peer, forwarded);
    }

    /**
     * Takes one request of {@code client}.
     *
     * @param authorization as it was sent
     */
    public Verdict take(InetAddress client, @Nullable String authorization) {
        Table now = table;
        TokenBucket.Taken taken = take(now, ClientNetwork.of(client));
        if (taken.allowed() && authorization != null) {
            TokenBucket.Taken token = take(now, digest(authorization));
            if (!token.allowed() || token.remaining() < taken.remaining()) {
                taken = token;
            }
        }
        return new Verdict(
                taken.allowed(),
                now.policy,
                "\"edge\";r=" + taken.remaining() + ";t=" + Math.max(1, taken.waitSeconds()),
                taken.waitSeconds());
    }

    private TokenBucket.Taken take(Table from, Object party) {
        long time = nanoTime.getAsLong();
        LimitSettings settings = from.settings;
        return from.buckets
                .get(party, _ -> new TokenBucket(settings.burst(), time))
                .take(settings.rate(), settings.burst(), time);
    }

    /** Tokens are not kept, also not in memory. */
    private static String digest(String token) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
