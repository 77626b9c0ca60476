package dev.modunest.server.host;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.server.token.OAuthException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What a host says of itself (RFC 7523, 3), before and after its signature is checked. Every
 * refusal is an {@link OAuthException}.
 */
final class ClientAssertion {

    static final Duration LONGEST = Duration.ofMinutes(5);

    /** Of the host's clock. */
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    private static final int MOST_CHARACTERS = 8192;
    private static final int MOST_ID_CHARACTERS = 255;
    private static final JsonMapper STRICT =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final DecodedJWT token;
    private final UUID host;

    private ClientAssertion(DecodedJWT token, UUID host) {
        this.token = token;
        this.host = host;
    }

    /** Nothing of it is to be believed yet. */
    static ClientAssertion decode(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw refused("it has more than " + MOST_CHARACTERS + " characters");
        }
        try {
            DecodedJWT token = JWT.decode(text);
            requireNamesOnce(token.getHeader());
            requireNamesOnce(token.getPayload());
            return new ClientAssertion(token, host(token.getSubject()));
        } catch (JWTVerificationException | IllegalArgumentException | IOException malformed) {
            throw refused("it is no JWT");
        }
    }

    /** A name that is there twice could mean two things to two readers. */
    private static void requireNamesOnce(String part) throws IOException {
        STRICT.readTree(Base64.getUrlDecoder().decode(part));
    }

    private static UUID host(@Nullable String subject) {
        try {
            UUID host = UUID.fromString(subject == null ? "" : subject);
            if (host.toString().equals(subject)) {
                return host;
            }
        } catch (IllegalArgumentException malformed) {
            throw refused("its sub is not the id of a host");
        }
        throw refused("its sub is not the id of a host");
    }

    UUID host() {
        return host;
    }

    String id() {
        return token.getId();
    }

    Instant expiresAt() {
        return token.getExpiresAtAsInstant();
    }

    /**
     * Checks everything but that it is the first use.
     *
     * @param algorithm the one of the host's key: what the header says chooses nothing
     * @param audience who it may be for
     */
    void verify(Algorithm algorithm, Set<String> audience, Instant now) {
        requireHeader(algorithm);
        try {
            algorithm.verify(token);
        } catch (JWTVerificationException wrong) {
            throw refused("its signature is not by the key of the host").about("host:" + host);
        }
        try {
            requireClaims(audience, now);
        } catch (OAuthException wrong) {
            throw wrong.about("host:" + host);
        } catch (JWTVerificationException | DateTimeException malformed) {
            throw refused("its claims cannot be read").about("host:" + host);
        }
    }

    private void requireHeader(Algorithm algorithm) {
        if (!algorithm.getName().equals(token.getAlgorithm())) {
            throw refused("its alg is not " + algorithm.getName() + ", that of the host's key")
                    .about("host:" + host);
        }
        if (!token.getHeaderClaim("crit").isMissing()) {
            throw refused("it has a critical extension").about("host:" + host);
        }
    }

    private void requireClaims(Set<String> audience, Instant now) {
        if (!host.toString().equals(token.getIssuer())) {
            throw refused("its iss is not its sub");
        }
        List<String> aud = token.getAudience();
        if (aud == null || aud.isEmpty() || !audience.containsAll(aud)) {
            throw refused(
                    "its aud is not " + String.join(" or ", audience.stream().sorted().toList()));
        }
        requireTime(now);
        String id = token.getId();
        if (id == null || id.isBlank() || id.length() > MOST_ID_CHARACTERS) {
            throw refused("its jti has not 1 to " + MOST_ID_CHARACTERS + " characters");
        }
    }

    private void requireTime(Instant now) {
        Instant expires = token.getExpiresAtAsInstant();
        if (expires == null) {
            throw refused("it has no exp");
        }
        if (!now.minus(LEEWAY).isBefore(expires)) {
            throw refused("it is expired; compare the clocks");
        }
        if (expires.isAfter(now.plus(LONGEST).plus(LEEWAY))) {
            throw refused("its exp is more than " + LONGEST.toMinutes() + " minutes away");
        }
        for (Instant begins :
                new @Nullable Instant[] {
                    token.getNotBeforeAsInstant(), token.getIssuedAtAsInstant()
                }) {
            if (begins != null && begins.isAfter(now.plus(LEEWAY))) {
                throw refused("it is from the future; compare the clocks");
            }
        }
    }

    static OAuthException refused(String why) {
        return OAuthException.invalidClient("the client_assertion is refused: " + why)
                .about("host");
    }
}
