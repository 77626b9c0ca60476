package dev.modunest.server.token;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import com.auth0.jwt.interfaces.DecodedJWT;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Issues and verifies access tokens as RFC 9068 profiles them. One algorithm, one type, one issuer:
 * what a token says of itself chooses nothing but which of our own keys it is tried with.
 * Thread-safe.
 */
public final class AccessTokens {

    private static final String TYPE = "at+jwt";
    private static final String ALGORITHM = "ES256";
    private static final int MAX_LENGTH = 8192;

    /** Of another server's clock. */
    private static final Duration LEEWAY = Duration.ofSeconds(5);

    /** What became of a token that was sent. */
    public sealed interface Verification {
        record Valid(AccessClaims claims) implements Verification {}

        record Expired() implements Verification {}

        /**
         * It is none of ours.
         *
         * @param reason which check failed, for the log
         */
        record Invalid(String reason) implements Verification {}
    }

    private final SigningKeys keys;
    private final Supplier<URI> issuer;
    private final TokenConfig config;
    private final InstantSource clock;

    /**
     * Ready for use.
     *
     * @param issuer known at the latest when the first token is issued
     */
    public AccessTokens(
            SigningKeys keys, Supplier<URI> issuer, TokenConfig config, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.config = config;
        this.clock = clock;
    }

    public URI issuer() {
        return issuer.get();
    }

    /** Who tokens for the registry itself are for. */
    public String audience() {
        return issuer() + "/api";
    }

    /** Where tokens are asked for, and so who assertions of clients may be for (RFC 7523, 3). */
    public URI tokenEndpoint() {
        return URI.create(issuer() + "/oauth/token");
    }

    public Duration lifetime() {
        return config.accessToken();
    }

    /** Issues a token; it expires as its claims say. */
    public String issue(AccessClaims claims) {
        SigningKey<SigningKeys.TokenKey> key = keys.signing();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        JWTCreator.Builder token =
                JWT.create()
                        .withHeader(java.util.Map.of("typ", TYPE))
                        .withKeyId(key.kid())
                        .withIssuer(issuer().toString())
                        .withSubject(claims.subject())
                        .withAudience(claims.audience().toArray(String[]::new))
                        .withClaim("client_id", claims.clientId())
                        .withClaim("scope", String.join(" ", claims.scopes()))
                        .withIssuedAt(now)
                        .withExpiresAt(claims.expiresAt())
                        .withJWTId(UUID.randomUUID().toString());
        claims.session().ifPresent(id -> token.withClaim("sid", id.toString()));
        claims.authenticatedAt().ifPresent(at -> token.withClaim("auth_time", at));
        return token.sign(key.use().algorithm());
    }

    /** Whether {@code text} has the form of a token at all. */
    public static boolean looksLike(String text) {
        return text.startsWith("ey") && text.length() <= MAX_LENGTH && text.indexOf('.') > 0;
    }

    /** Checks everything but the audience, which depends on who asks, and the session. */
    public Verification verify(String text) {
        if (!looksLike(text)) {
            return new Verification.Invalid("it is no JWT");
        }
        try {
            DecodedJWT unverified = JWT.decode(text);
            if (!ALGORITHM.equals(unverified.getAlgorithm())
                    || !TYPE.equals(unverified.getType())
                    || unverified.getHeaderClaim("crit").asList(String.class) != null) {
                return new Verification.Invalid("its header is not that of our tokens");
            }
            String kid = unverified.getKeyId();
            Optional<SigningKey<SigningKeys.TokenKey>> key =
                    kid == null ? Optional.empty() : keys.find(kid);
            if (key.isEmpty()) {
                return new Verification.Invalid("its key is none of ours");
            }
            return new Verification.Valid(claims(verified(key.get(), text)));
        } catch (TokenExpiredException _) {
            return new Verification.Expired();
        } catch (JWTVerificationException | IllegalArgumentException refused) {
            return new Verification.Invalid(String.valueOf(refused.getMessage()));
        }
    }

    private DecodedJWT verified(SigningKey<SigningKeys.TokenKey> key, String text) {
        return ((com.auth0.jwt.JWTVerifier.BaseVerification)
                        JWT.require(key.use().algorithm())
                                .withIssuer(issuer().toString())
                                .withClaimPresence("exp")
                                .withClaimPresence("iat")
                                .withClaimPresence("sub")
                                .withClaimPresence("aud")
                                .acceptLeeway(LEEWAY.toSeconds()))
                .build(java.time.Clock.fixed(clock.instant(), java.time.ZoneOffset.UTC))
                .verify(text);
    }

    private static AccessClaims claims(DecodedJWT token) {
        String scope = Optional.ofNullable(token.getClaim("scope").asString()).orElse("");
        return new AccessClaims(
                token.getSubject(),
                token.getAudience(),
                Optional.ofNullable(token.getClaim("client_id").asString()).orElse(""),
                scope.isEmpty() ? List.of() : List.of(scope.split(" ")),
                Optional.ofNullable(token.getClaim("sid").asString()).map(UUID::fromString),
                Optional.ofNullable(token.getClaim("auth_time").asInstant()),
                token.getExpiresAtAsInstant());
    }
}
