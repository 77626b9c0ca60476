package dev.modunest.format.http;

import dev.modunest.format.Digest;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of an artifact that proves by itself that who has it may read the artifact, until it
 * expires: {@code /artifacts/sha256/<hex>?exp=<Unix seconds>&kid=<key>&sig=<base64url>}, {@code
 * docs/api/access.md}. One signature has one spelling.
 *
 * @param expiresAt whole seconds
 * @param kid of the key by RFC 7638
 * @param signature Ed25519 (RFC 8032) of {@link #message}, in base64url without padding
 */
public record SignedArtifactUrl(Digest digest, Instant expiresAt, String kid, String signature) {

    /** A URL that would live longer is none. */
    public static final Duration MAX_LIFETIME = Duration.ofHours(1);

    /** How far the clocks of who signs and who verifies may be apart. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private static final Pattern QUERY =
            Pattern.compile(
                    "exp=([1-9][0-9]{8,10})&kid=([A-Za-z0-9_-]{43})&sig=([A-Za-z0-9_-]{86})");

    /**
     * Signs one.
     *
     * @param signer with a key of Ed25519
     */
    public static SignedArtifactUrl sign(
            Digest digest, Instant expiresAt, String kid, Signer signer) {
        Instant second = Instant.ofEpochSecond(expiresAt.getEpochSecond());
        return new SignedArtifactUrl(
                digest,
                second,
                kid,
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(signer.sign(message(digest, second))));
    }

    /**
     * Reads the query of the artifact's path; empty for one that is not exactly that of a signed
     * URL. Proves nothing yet.
     */
    public static Optional<SignedArtifactUrl> parse(Digest digest, String query) {
        Matcher parts = QUERY.matcher(query);
        return parts.matches()
                ? Optional.of(
                        new SignedArtifactUrl(
                                digest,
                                Instant.ofEpochSecond(Long.parseLong(parts.group(1))),
                                parts.group(2),
                                parts.group(3)))
                : Optional.empty();
    }

    /** Whether it is a proof at {@code now}, when {@code key} is the one that it names. */
    public boolean proves(VerifyingKey key, Instant now) {
        if (!isWithinLifetime(now)) {
            return false;
        }
        byte[] raw = Base64.getUrlDecoder().decode(signature);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(raw).equals(signature)
                && key.verify(message(digest, expiresAt), raw);
    }

    /** Whether it has not expired, nor lives longer than one may. */
    public boolean isWithinLifetime(Instant now) {
        return now.isBefore(expiresAt.plus(CLOCK_SKEW))
                && !expiresAt.isAfter(now.plus(MAX_LIFETIME).plus(CLOCK_SKEW));
    }

    /** Path and query. */
    @Override
    public String toString() {
        return path(digest)
                + "?exp="
                + expiresAt.getEpochSecond()
                + "&kid="
                + kid
                + "&sig="
                + signature;
    }

    /** What is signed: version, method, path and expiry, a line each. {@code GET} is HEAD too. */
    private static byte[] message(Digest digest, Instant expiresAt) {
        return ("modunest-artifact-url-v1\nGET\n"
                        + path(digest)
                        + "\n"
                        + expiresAt.getEpochSecond()
                        + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String path(Digest digest) {
        return "/artifacts/sha256/" + digest.hex();
    }
}
