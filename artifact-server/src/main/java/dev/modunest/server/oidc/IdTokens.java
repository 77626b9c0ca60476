package dev.modunest.server.oidc;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.server.oidc.OidcException.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The check of tokens signed by an issuer's published keys (OpenID Connect Core 1.0, section
 * 3.1.3.7; RFC 8725). Nothing that a token says leads to a request but a key id that its issuer's
 * keys lack, and that seldom. Thread-safe.
 */
final class IdTokens {

    private static final Set<String> ALGORITHMS = Set.of("RS256", "PS256", "ES256", "EdDSA");
    private static final int MOST_CHARACTERS = 16_384;
    private static final int MOST_SUBJECT_CHARACTERS = 255;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final Discovery discovery;
    private final Duration leeway;
    private final InstantSource clock;

    IdTokens(Discovery discovery, Duration leeway, InstantSource clock) {
        this.discovery = discovery;
        this.leeway = leeway;
        this.clock = clock;
    }

    VerifiedToken verify(String text, TokenRules rules) {
        try {
            DecodedJWT token = decode(text);
            requireHeader(token);
            requireIssuer(token, rules.issuer());
            requireSignature(token, rules.issuer());
            requireAudience(token, rules);
            requireTime(token);
            requireNonce(token, rules.nonce());
            return verified(token, rules.issuer());
        } catch (JWTDecodeException | DateTimeException malformed) {
            throw malformed("cannot be read");
        }
    }

    private static DecodedJWT decode(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw malformed("has more than " + MOST_CHARACTERS + " characters");
        }
        return JWT.decode(text);
    }

    /** {@code crit} names extensions of which none is known here (RFC 7515, section 4.1.11). */
    private static void requireHeader(DecodedJWT token) {
        String algorithm = token.getAlgorithm();
        if (algorithm == null || !ALGORITHMS.contains(algorithm)) {
            throw new OidcException(
                    Reason.TOKEN_ALGORITHM_REFUSED,
                    "the token is not signed with one of RS256, PS256, ES256, EdDSA");
        }
        if (!token.getHeaderClaim("crit").isMissing()) {
            throw malformed("has a critical extension");
        }
        String type = token.getType();
        if (type != null && !type.toLowerCase(Locale.ROOT).equals("jwt")) {
            throw malformed("is of another type than JWT");
        }
    }

    private static void requireIssuer(DecodedJWT token, URI issuer) {
        if (!required(token.getIssuer(), "iss").equals(issuer.toString())) {
            throw new OidcException(
                    Reason.TOKEN_ISSUER_DIFFERS, "the token is not issued by " + issuer);
        }
    }

    private void requireSignature(DecodedJWT token, URI issuer) {
        String keyId = required(token.getKeyId(), "kid");
        KeySet keys = discovery.keys(issuer);
        if (!keys.has(keyId)) {
            keys = discovery.refreshedKeys(issuer);
        }
        if (!keys.has(keyId)) {
            throw new OidcException(
                    Reason.TOKEN_KEY_UNKNOWN,
                    issuer + " has no key of the id that the token names");
        }
        Algorithm verifier =
                keys.find(keyId, token.getAlgorithm())
                        .orElseThrow(
                                () ->
                                        new OidcException(
                                                Reason.TOKEN_ALGORITHM_REFUSED,
                                                "the token's key is not for the algorithm that the token names"));
        try {
            verifier.verify(token);
        } catch (SignatureVerificationException invalid) {
            throw new OidcException(
                    Reason.TOKEN_SIGNATURE_INVALID, "the signature of the token does not hold");
        }
    }

    private static void requireAudience(DecodedJWT token, TokenRules rules) {
        List<String> audiences = required(token.getAudience(), "aud");
        boolean others =
                audiences.stream()
                        .anyMatch(
                                audience ->
                                        !audience.equals(rules.audience())
                                                && !rules.otherAudiences().contains(audience));
        if (others || !audiences.contains(rules.audience())) {
            throw new OidcException(
                    Reason.TOKEN_AUDIENCE_DIFFERS,
                    "the token is not for " + rules.audience() + " alone");
        }
        rules.party().ifPresent(party -> requireParty(token, audiences, party));
    }

    /** {@code azp} is there when there are several audiences, and is ours whenever it is there. */
    private static void requireParty(DecodedJWT token, List<String> audiences, String party) {
        Optional<String> given = Optional.ofNullable(token.getClaim("azp").asString());
        if (given.isEmpty() && audiences.size() > 1) {
            required(null, "azp");
        }
        if (given.isPresent() && !given.get().equals(party)) {
            throw new OidcException(
                    Reason.TOKEN_AUDIENCE_DIFFERS, "the token was issued to another client");
        }
    }

    private void requireTime(DecodedJWT token) {
        Instant now = clock.instant();
        Instant expires = required(token.getExpiresAtAsInstant(), "exp");
        Instant issued = required(token.getIssuedAtAsInstant(), "iat");
        Instant begins = token.getNotBeforeAsInstant();
        if (!now.minus(leeway).isBefore(expires)) {
            throw new OidcException(Reason.TOKEN_EXPIRED, "the token is expired");
        }
        Instant latest = now.plus(leeway);
        if (issued.isAfter(latest) || (begins != null && begins.isAfter(latest))) {
            throw new OidcException(
                    Reason.TOKEN_NOT_YET_VALID,
                    "the token is from the future; compare the clocks of this server and the issuer");
        }
    }

    private static void requireNonce(DecodedJWT token, Optional<String> nonce) {
        if (nonce.isPresent()
                && !isEqual(required(token.getClaim("nonce").asString(), "nonce"), nonce.get())) {
            throw new OidcException(
                    Reason.TOKEN_NONCE_DIFFERS, "the token belongs to another sign-in");
        }
    }

    private static VerifiedToken verified(DecodedJWT token, URI issuer) {
        String subject = required(token.getSubject(), "sub");
        if (subject.isBlank() || subject.length() > MOST_SUBJECT_CHARACTERS) {
            throw malformed("has a sub that is blank or longer than 255 characters");
        }
        return new VerifiedToken(
                issuer,
                subject,
                Optional.ofNullable(token.getId()),
                required(token.getIssuedAtAsInstant(), "iat"),
                required(token.getExpiresAtAsInstant(), "exp"),
                claims(token));
    }

    /** Read strictly once more: a name that is there twice could mean two things to two readers. */
    private static Claims claims(DecodedJWT token) {
        try {
            Map<String, Object> values =
                    JSON.readValue(
                            Base64.getUrlDecoder().decode(token.getPayload()),
                            new TypeReference<>() {});
            return new Claims(values);
        } catch (IOException ambiguous) {
            throw malformed("has a claim twice");
        }
    }

    static boolean isEqual(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static <T> T required(@Nullable T claim, String name) {
        if (claim == null) {
            throw new OidcException(Reason.TOKEN_CLAIM_MISSING, "the token has no " + name);
        }
        return claim;
    }

    private static OidcException malformed(String what) {
        return new OidcException(Reason.TOKEN_MALFORMED, "the token " + what);
    }
}
