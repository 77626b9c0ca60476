package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long a document may be served, and how (RFC 9111 4.2, RFC 5861).
 *
 * @param generatedAt when the origin sent it: {@code Age} counts from here
 * @param lifetime from {@code generatedAt}
 * @param staleWhileRevalidate past the lifetime
 * @param staleIfError past the lifetime
 */
public record Freshness(
        Instant generatedAt,
        Duration lifetime,
        Duration staleWhileRevalidate,
        Duration staleIfError) {

    private static final List<String> UNSTORABLE = List.of("no-store", "private", "no-cache");
    private static final List<String> NEVER_STALE =
            List.of("must-revalidate", "proxy-revalidate", "s-maxage");

    /**
     * What a response allows; empty when it may not be stored: a shared cache needs the origin's
     * explicit word here, as every document of ours has it.
     *
     * @param negativeAge the longest and the standard life of a 404, 410 or 451
     */
    public static Optional<Freshness> of(
            int status, MultiMap headers, Instant now, Duration negativeAge) {
        CacheControl control = CacheControl.parse(headers.getAll("Cache-Control"));
        boolean negative = isNegative(status);
        if (!(status == 200 || negative)
                || UNSTORABLE.stream().anyMatch(control::has)
                || headers.contains("Set-Cookie")
                || varies(headers)) {
            return Optional.empty();
        }
        long seconds = control.seconds("s-maxage");
        if (seconds < 0) {
            seconds = control.seconds("max-age");
        }
        Instant generatedAt = now.minusSeconds(age(headers));
        if (negative) {
            Duration life =
                    seconds < 0 ? negativeAge : min(Duration.ofSeconds(seconds), negativeAge);
            return Optional.of(new Freshness(generatedAt, life, Duration.ZERO, Duration.ZERO));
        }
        if (seconds < 0) {
            return Optional.empty();
        }
        boolean neverStale = NEVER_STALE.stream().anyMatch(control::has);
        return Optional.of(
                new Freshness(
                        generatedAt,
                        Duration.ofSeconds(seconds),
                        neverStale ? Duration.ZERO : grace(control, "stale-while-revalidate"),
                        neverStale ? Duration.ZERO : grace(control, "stale-if-error")));
    }

    /** Whether a response says that there is nothing to be had, for whomever asks. */
    public static boolean isNegative(int status) {
        return status == 404 || status == 410 || status == 451;
    }

    /**
     * Whether an artifact may be given to others than the one who asked: bytes never become stale,
     * so that their lifetime does not matter, but they may be for one reader alone.
     */
    public static boolean isShared(MultiMap headers) {
        CacheControl control = CacheControl.parse(headers.getAll("Cache-Control"));
        return !control.has("private") && !control.has("no-store") && !varies(headers);
    }

    /** Lives until it is removed by its name. */
    public static Freshness untilRemoved(Instant now) {
        return new Freshness(now, Duration.ofDays(36_500), Duration.ZERO, Duration.ZERO);
    }

    /** What a refusal allows: {@code age}, or less when the origin says so; never stale. */
    public static Freshness negative(MultiMap headers, Instant now, Duration age) {
        return of(404, headers, now, age)
                .orElse(new Freshness(now, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    public CacheDecision decide(Instant now) {
        Instant end = generatedAt.plus(lifetime);
        if (now.isBefore(end)) {
            return CacheDecision.FRESH;
        }
        return now.isBefore(end.plus(staleWhileRevalidate))
                ? CacheDecision.SERVE_AND_REVALIDATE
                : CacheDecision.REVALIDATE;
    }

    /** Whether the document may be served because the origin failed (RFC 5861 4). */
    public boolean servableOnError(Instant now) {
        return now.isBefore(generatedAt.plus(lifetime).plus(staleIfError));
    }

    /** The value of {@code Age}. */
    public long ageSeconds(Instant now) {
        return Math.max(0, Duration.between(generatedAt, now).toSeconds());
    }

    /** The {@code Age} of a response, 0 when it has none or a bad one. */
    public static long age(MultiMap headers) {
        @Nullable String age = headers.get("Age");
        return age == null
                ? 0
                : Math.max(0, CacheControl.parse(List.of("age=" + age.strip())).seconds("age"));
    }

    private static boolean varies(MultiMap headers) {
        for (String value : headers.getAll("Vary")) {
            for (String name : value.split(",", -1)) {
                // No Accept-Encoding goes to the origin for a cacheable document.
                if (!name.strip().toLowerCase(Locale.ROOT).equals("accept-encoding")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Duration grace(CacheControl control, String directive) {
        return Duration.ofSeconds(Math.max(0, control.seconds(directive)));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
