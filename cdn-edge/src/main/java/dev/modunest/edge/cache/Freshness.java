package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a response may be served, and how (RFC 9111 4.2, RFC 5861).
 *
 * @param generatedAt when the origin made it: {@code Age} counts from here
 * @param lifetime from {@code generatedAt}
 * @param alwaysAsk whether the origin is asked before each use, however fresh it is (no-cache)
 * @param staleWhileRevalidate past the lifetime
 * @param staleIfError past the lifetime, when the origin answers with a failure
 * @param staleIfGone past the lifetime, when the origin does not answer (RFC 9111 4.2.4)
 * @param mayBeStale whether a client who wants it stale is given it (max-stale)
 */
public record Freshness(
        Instant generatedAt,
        Duration lifetime,
        boolean alwaysAsk,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        Duration staleIfGone,
        boolean mayBeStale) {

    /** How a response came here. */
    public record Received(Instant asked, Instant answered) {

        public static Received at(Instant now) {
            return new Received(now, now);
        }
    }

    /** A stored response that is never reused as it is. */
    private static final Duration NONE = Duration.ZERO;

    /**
     * What a response allows; empty when it may not be stored or could never be used.
     *
     * @param authorized whether the request had {@code Authorization} (RFC 9111 3.5)
     */
    public static Optional<Freshness> of(
            CachePolicy policy,
            int status,
            MultiMap fields,
            boolean authorized,
            Received received) {
        Optional<CacheControl> targeted =
                CacheControl.parseTargeted(fields.getAll("CDN-Cache-Control"));
        CacheControl control =
                targeted.orElseGet(() -> CacheControl.parse(fields.getAll("Cache-Control")));
        if (!isStorable(policy, status, fields)
                || forbids(control, status)
                || control.has("private")
                || (authorized && !isForAll(control))) {
            return Optional.empty();
        }
        long explicit = explicitSeconds(control, targeted.isPresent() ? null : fields, received);
        Optional<Duration> lifetime = lifetime(policy, status, fields, control, explicit, received);
        if (lifetime.isEmpty()) {
            return Optional.empty();
        }
        boolean strict =
                control.has("must-revalidate")
                        || control.has("proxy-revalidate")
                        || control.has("s-maxage");
        boolean negative = isNegative(status);
        Duration whileRevalidate =
                strict || (negative && policy.explicitOnly())
                        ? NONE
                        : grace(control, "stale-while-revalidate");
        boolean neverStale = strict || control.has("no-cache") || negative;
        Duration told = neverStale ? NONE : grace(control, "stale-if-error");
        Duration least = neverStale ? NONE : policy.staleIfGone();
        Freshness freshness =
                new Freshness(
                        received.answered().minusSeconds(initialAge(policy, fields, received)),
                        lifetime.get(),
                        control.has("no-cache"),
                        whileRevalidate,
                        policy.explicitOnly() ? max(told, least) : told,
                        max(told, least),
                        !strict && !control.has("no-cache"));
        return freshness.isUseful(fields) ? Optional.of(freshness) : Optional.empty();
    }

    /** Whether a response says that there is nothing to be had, for whomever asks. */
    public static boolean isNegative(int status) {
        return status == 404 || status == 410 || status == 451;
    }

    /** Whether a lifetime is told (RFC 9111 4.2.1). */
    public static boolean isExplicit(MultiMap fields) {
        CacheControl control =
                CacheControl.parseTargeted(fields.getAll("CDN-Cache-Control"))
                        .orElseGet(() -> CacheControl.parse(fields.getAll("Cache-Control")));
        return control.has("s-maxage") || control.has("max-age") || fields.contains("Expires");
    }

    /**
     * Whether an artifact may be given to others than the one who asked: bytes never become stale,
     * so that their lifetime does not matter, but they may be for one reader alone.
     */
    public static boolean isShared(MultiMap fields) {
        CacheControl control = CacheControl.parse(fields.getAll("Cache-Control"));
        return !control.has("private") && !control.has("no-store") && !Vary.of(fields).matters();
    }

    /** Lives until it is removed by its name. */
    public static Freshness untilRemoved(Instant now) {
        return new Freshness(now, Duration.ofDays(36_500), false, NONE, NONE, NONE, false);
    }

    /** What a refusal allows: {@code age}, or less when the origin says so; never stale. */
    public static Freshness negative(MultiMap fields, Instant now, Duration age) {
        return of(CachePolicy.registry(age, NONE), 404, fields, false, Received.at(now))
                .orElse(new Freshness(now, NONE, false, NONE, NONE, NONE, false));
    }

    /** The same, at the end of its lifetime, which its age does not tell. */
    Freshness outOfDate() {
        return new Freshness(
                generatedAt,
                NONE,
                alwaysAsk,
                NONE,
                lifetime.plus(staleIfError),
                lifetime.plus(staleIfGone),
                mayBeStale);
    }

    public CacheDecision decide(Instant now) {
        if (alwaysAsk) {
            return CacheDecision.REVALIDATE;
        }
        Instant end = generatedAt.plus(lifetime);
        if (now.isBefore(end)) {
            return CacheDecision.FRESH;
        }
        return now.isBefore(end.plus(staleWhileRevalidate))
                ? CacheDecision.SERVE_AND_REVALIDATE
                : CacheDecision.REVALIDATE;
    }

    /** Whether the response may be served because the origin failed (RFC 5861 4). */
    public boolean servableOnError(Instant now) {
        return !alwaysAsk && now.isBefore(generatedAt.plus(lifetime).plus(staleIfError));
    }

    /** Whether the response may be served because the origin does not answer. */
    public boolean servableWhenGone(Instant now) {
        return !alwaysAsk && now.isBefore(generatedAt.plus(lifetime).plus(staleIfGone));
    }

    /** Seconds for which it stays fresh; negative when it is stale for so long. */
    public long freshSeconds(Instant now) {
        return Duration.between(now, generatedAt.plus(lifetime)).toSeconds();
    }

    /** The value of {@code Age}. */
    public long ageSeconds(Instant now) {
        return Math.max(0, Duration.between(generatedAt, now).toSeconds());
    }

    /** As {@link #age}, -1 when the response has none. */
    public static long toldAge(MultiMap fields) {
        return fields.contains("Age") ? age(fields) : -1;
    }

    /**
     * The {@code Age} of a response, 0 when it has none. Of several the first counts, and one that
     * cannot be read does not (RFC 9111 5.1).
     */
    public static long age(MultiMap fields) {
        @Nullable String first = fields.get("Age");
        if (first == null) {
            return 0;
        }
        int comma = first.indexOf(',');
        long age =
                CacheControl.deltaSeconds((comma < 0 ? first : first.substring(0, comma)).strip());
        return Math.max(0, age);
    }

    /** Whether it is ever fresh, can be validated, or may stand in for the origin. */
    private boolean isUseful(MultiMap fields) {
        return (lifetime.isPositive() && !alwaysAsk)
                || fields.contains("ETag")
                || fields.contains("Last-Modified")
                || staleWhileRevalidate.isPositive();
    }

    private static boolean isStorable(CachePolicy policy, int status, MultiMap fields) {
        boolean statusFits =
                policy.explicitOnly()
                        ? status == 200 || isNegative(status)
                        : status >= 200 && status != 304 && status != 416;
        return statusFits
                && (policy.storesCookies() || !fields.contains("Set-Cookie"))
                && !Vary.of(fields).anything()
                && (policy.forwardsFields() || !Vary.of(fields).matters());
    }

    /** RFC 9111 5.2.2.3: who understands the status need not mind a no-store beside it. */
    private static boolean forbids(CacheControl control, int status) {
        return control.has("must-understand") ? !isUnderstood(status) : control.has("no-store");
    }

    /** The final statuses of RFC 9110 15, for whose caching nothing more is to be known. */
    private static boolean isUnderstood(int status) {
        return (status >= 200 && status <= 205)
                || (status >= 300 && status <= 308 && status != 306)
                || (status >= 400 && status <= 417)
                || status == 421
                || status == 422
                || status == 426
                || status == 451
                || (status >= 500 && status <= 505);
    }

    /** RFC 9111 3.5. */
    private static boolean isForAll(CacheControl control) {
        return control.has("public") || control.has("must-revalidate") || control.has("s-maxage");
    }

    /** The lifetime that the origin tells (RFC 9111 4.2.1); -1 when it tells none. */
    private static long explicitSeconds(
            CacheControl control, @Nullable MultiMap untargeted, Received received) {
        if (control.has("s-maxage")) {
            return Math.max(0, control.seconds("s-maxage"));
        }
        if (control.has("max-age")) {
            return Math.max(0, control.seconds("max-age"));
        }
        if (untargeted == null || !untargeted.contains("Expires")) {
            return -1;
        }
        var lines = untargeted.getAll("Expires");
        Optional<Instant> expires =
                lines.size() == 1 ? HttpDate.parse(lines.getFirst()) : Optional.empty();
        Instant date = HttpDate.parse(untargeted.get("Date")).orElse(received.answered());
        return expires.map(end -> Math.max(0, Duration.between(date, end).toSeconds())).orElse(0L);
    }

    private static Optional<Duration> lifetime(
            CachePolicy policy,
            int status,
            MultiMap fields,
            CacheControl control,
            long explicit,
            Received received) {
        if (isNegative(status) && (explicit < 0 || policy.explicitOnly())) {
            Duration told = Duration.ofSeconds(Math.max(0, explicit));
            Duration heuristic = heuristic(policy, status, fields, control, received).orElse(NONE);
            Duration standard = max(policy.negativeAge(), heuristic);
            return Optional.of(
                    explicit >= 0 && told.compareTo(policy.negativeAge()) < 0 ? told : standard);
        }
        if (explicit >= 0) {
            return policy.explicitOnly() && control.has("no-cache")
                    ? Optional.of(NONE)
                    : Optional.of(Duration.ofSeconds(explicit));
        }
        if (policy.explicitOnly()) {
            return Optional.empty();
        }
        return heuristic(policy, status, fields, control, received)
                .or(
                        () ->
                                control.has("no-cache") || isHeuristic(status)
                                        ? Optional.of(NONE)
                                        : Optional.empty());
    }

    /** RFC 9111 4.2.2. */
    private static Optional<Duration> heuristic(
            CachePolicy policy,
            int status,
            MultiMap fields,
            CacheControl control,
            Received received) {
        if (policy.explicitOnly() || !(isHeuristic(status) || control.has("public"))) {
            return Optional.empty();
        }
        Instant date = HttpDate.parse(fields.get("Date")).orElse(received.answered());
        return HttpDate.parse(fields.get("Last-Modified"))
                .map(modified -> Duration.between(modified, date).dividedBy(10))
                .filter(Duration::isPositive)
                .map(tenth -> min(tenth, CachePolicy.MAX_HEURISTIC));
    }

    /** RFC 9110 15.1. */
    private static boolean isHeuristic(int status) {
        return switch (status) {
            case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    /** The corrected initial age of RFC 9111 4.2.3, in seconds. */
    private static long initialAge(CachePolicy policy, MultiMap fields, Received received) {
        long told = age(fields);
        if (policy.explicitOnly()) {
            return told;
        }
        long delay = Duration.between(received.asked(), received.answered()).toSeconds();
        long apparent =
                HttpDate.parse(fields.get("Date"))
                        .map(date -> Duration.between(date, received.answered()).toSeconds())
                        .orElse(0L);
        return Math.max(apparent, told + delay);
    }

    private static Duration grace(CacheControl control, String directive) {
        return Duration.ofSeconds(Math.max(0, control.seconds(directive)));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
