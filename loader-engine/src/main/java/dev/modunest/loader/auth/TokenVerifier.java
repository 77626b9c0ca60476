package dev.modunest.loader.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.loader.TrustedIssuer;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.UserIdentity;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Verifies access tokens (RFC 9068 4, with the advice of RFC 8725): the issuer's pins choose
 * algorithm and key, never the token; its claims are read after its signature. Thread-safe.
 */
final class TokenVerifier {

    /** 9999-12-31T23:59:59Z: a NumericDate beyond it is a mistake. */
    private static final double LAST_DATE = 253_402_300_799d;

    private static final int MAX_KID = 256;
    private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt");

    private final Map<String, Trusted> issuers;
    private final Duration leeway;

    TokenVerifier(Map<String, Trusted> issuers, Duration leeway) {
        this.issuers = Map.copyOf(issuers);
        this.leeway = leeway;
    }

    /** An issuer and its keys. */
    record Trusted(TrustedIssuer pins, IssuerKeys keys) {}

    /** A user and the key that proved it. */
    record Verified(VerifiedUser user, VerifyingKey key, IssuerKeys keys) {}

    Verified verify(String token, Instant now) throws RejectedException {
        CompactToken parsed = CompactToken.parse(token);
        requireHeader(parsed.header());
        Trusted issuer = issuer(parsed.claims());
        Algorithm algorithm = algorithm(parsed.header(), issuer.pins());
        VerifyingKey key = key(parsed.header(), algorithm, issuer);
        if (!parsed.isSignedBy(key.key(), algorithm)) {
            throw new RejectedException(
                    "bad-signature",
                    "The signature is not that of "
                            + issuer.pins().issuer()
                            + ": send the token as it was issued.");
        }
        requireAudience(parsed.claims(), issuer.pins().audience());
        return new Verified(user(parsed.claims(), issuer.pins(), now), key, issuer.keys());
    }

    /** The identity as this verifier made it; empty when it did not. */
    Optional<VerifiedUser> own(UserIdentity user) {
        return user instanceof VerifiedUser made && made.by() == this
                ? Optional.of(made)
                : Optional.empty();
    }

    /** Whether a token that ends at {@code expires} is still accepted. */
    boolean isCurrent(Instant expires, Instant now) {
        return now.isBefore(expires.plus(leeway));
    }

    private static void requireHeader(ObjectNode header) throws RejectedException {
        if (header.has("crit")) {
            throw new RejectedException(
                    "critical-header",
                    "The token has a crit header, and none is understood: ask for a plain one.");
        }
        String type = header.path("typ").asText("").toLowerCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            throw new RejectedException(
                    "wrong-type",
                    "The token's typ is "
                            + RejectedException.shown(type)
                            + ": send an access token, typ at+jwt, not an ID token.");
        }
    }

    private Trusted issuer(ObjectNode claims) throws RejectedException {
        String name = StrictJson.text(claims, "iss").orElse("");
        Trusted issuer = issuers.get(name);
        if (issuer == null) {
            throw new RejectedException(
                    "unknown-issuer",
                    "The token is of "
                            + RejectedException.shown(name)
                            + ", which this host does not trust: trust it or use a token of "
                            + String.join(" or ", issuers.keySet())
                            + ".");
        }
        return issuer;
    }

    private static Algorithm algorithm(ObjectNode header, TrustedIssuer pins)
            throws RejectedException {
        String text = StrictJson.text(header, "alg").orElse("");
        for (Algorithm allowed : pins.algorithms()) {
            if (allowed.text().equals(text)) {
                return allowed;
            }
        }
        throw new RejectedException(
                "algorithm-not-allowed",
                "The token is signed by "
                        + RejectedException.shown(text)
                        + " and "
                        + pins.issuer()
                        + " signs by "
                        + pins.algorithms().stream()
                                .map(Algorithm::text)
                                .sorted()
                                .collect(Collectors.joining(" or "))
                        + ": send a token of its own.");
    }

    private static VerifyingKey key(ObjectNode header, Algorithm algorithm, Trusted issuer)
            throws RejectedException {
        String kid = StrictJson.text(header, "kid").orElse("");
        Optional<VerifyingKey> key =
                kid.isEmpty() || kid.length() > MAX_KID
                        ? Optional.empty()
                        : issuer.keys().find(kid, algorithm);
        return key.orElseThrow(
                () ->
                        new RejectedException(
                                "unknown-key",
                                issuer.pins().issuer()
                                        + " has no "
                                        + algorithm.text()
                                        + " key "
                                        + RejectedException.shown(kid)
                                        + " (any more): get a new token."));
    }

    private static void requireAudience(ObjectNode claims, String audience)
            throws RejectedException {
        JsonNode claimed = claims.path("aud");
        boolean meant =
                claimed.isArray()
                        ? StreamSupport.stream(claimed.spliterator(), false)
                                .anyMatch(one -> audience.equals(one.textValue()))
                        : audience.equals(claimed.textValue());
        if (!meant) {
            throw new RejectedException(
                    "wrong-audience",
                    "The token is for another audience: ask for one for '" + audience + "'.");
        }
    }

    private VerifiedUser user(ObjectNode claims, TrustedIssuer pins, Instant now)
            throws RejectedException {
        Instant expires = date(claims, "exp");
        if (!isCurrent(expires, now)) {
            throw new RejectedException(
                    "expired", "The token expired at " + expires + ": get a new one.");
        }
        requireReached(date(claims, "iat"), now);
        if (claims.has("nbf")) {
            requireReached(date(claims, "nbf"), now);
        }
        return new VerifiedUser(
                this,
                pins.issuer(),
                text(claims, "sub"),
                text(claims, "client_id"),
                text(claims, "jti"),
                claims.has("sid") ? Optional.of(text(claims, "sid")) : Optional.empty(),
                claims.has("scope") ? words(text(claims, "scope")) : Set.of(),
                expires);
    }

    private void requireReached(Instant begin, Instant now) throws RejectedException {
        if (begin.isAfter(now.plus(leeway))) {
            throw new RejectedException(
                    "not-yet-valid",
                    "The token is valid from "
                            + begin
                            + " and it is "
                            + now
                            + ": set the clocks of host and issuer.");
        }
    }

    private static Set<String> words(String scope) {
        return Arrays.stream(scope.split(" "))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String text(ObjectNode claims, String name) throws RejectedException {
        return StrictJson.text(claims, name).orElseThrow(() -> missing(name, "a text"));
    }

    /** A NumericDate (RFC 7519 2): seconds, possibly with a fraction. */
    private static Instant date(ObjectNode claims, String name) throws RejectedException {
        JsonNode value = claims.path(name);
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= LAST_DATE)) {
            throw missing(name, "a time in seconds");
        }
        return value.isIntegralNumber()
                ? Instant.ofEpochSecond(value.longValue())
                : Instant.ofEpochMilli((long) (value.doubleValue() * 1_000));
    }

    private static RejectedException missing(String name, String kind) {
        return new RejectedException(
                "claim-missing",
                "The token has no claim "
                        + name
                        + " that is "
                        + kind
                        + ", which RFC 9068 asks for: send an access token.");
    }
}
