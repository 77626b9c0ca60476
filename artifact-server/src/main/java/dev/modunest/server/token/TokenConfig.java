package dev.modunest.server.token;

import dev.modunest.settings.Default;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How access tokens are issued.
 *
 * @param issuer the address by which clients know the registry; none: where it listens
 * @param accessToken how long one is valid
 * @param refreshToken how long a session of a device lasts without being refreshed
 * @param keyFile 32 random bytes in base64 that seal the signing keys in the index; made at the
 *     first start of the first server, the same for all of them
 * @param keyRotation how long a key signs
 * @param keyOverlap how long before it signs a key is published, and how long after
 */
public record TokenConfig(
        Optional<URI> issuer,
        @Default("15m") Duration accessToken,
        @Default("30d") Duration refreshToken,
        @Default("modunest-auth.key") Path keyFile,
        @Default("30d") Duration keyRotation,
        @Default("1d") Duration keyOverlap) {

    public TokenConfig {
        issuer.ifPresent(TokenConfig::requireIssuer);
        if (accessToken.compareTo(Duration.ofMinutes(1)) < 0
                || accessToken.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("access_token is 1m to 1h, not " + accessToken);
        }
        if (refreshToken.compareTo(accessToken) <= 0) {
            throw new IllegalArgumentException(
                    "refresh_token ("
                            + refreshToken
                            + ") is more than access_token ("
                            + accessToken
                            + ")");
        }
        if (keyOverlap.compareTo(accessToken) < 0 || keyRotation.compareTo(keyOverlap) <= 0) {
            throw new IllegalArgumentException(
                    "key_overlap ("
                            + keyOverlap
                            + ") is at least access_token ("
                            + accessToken
                            + ") and less than key_rotation ("
                            + keyRotation
                            + ")");
        }
    }

    /** RFC 8414, 2: no query and no fragment; tokens cross networks, so only loopback is http. */
    private static void requireIssuer(URI issuer) {
        boolean loopback =
                "http".equals(issuer.getScheme())
                        && issuer.getHost() != null
                        && (issuer.getHost().equals("localhost")
                                || issuer.getHost().equals("127.0.0.1")
                                || issuer.getHost().equals("[::1]"));
        if (!"https".equals(issuer.getScheme()) && !loopback) {
            throw new IllegalArgumentException(
                    "issuer is an https address, or http on loopback, not " + issuer);
        }
        if (issuer.getQuery() != null
                || issuer.getFragment() != null
                || issuer.toString().endsWith("/")) {
            throw new IllegalArgumentException(
                    "issuer has no query, no fragment and no slash at its end: " + issuer);
        }
    }
}
