package dev.modunest.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The SHA-256 (FIPS 180-4) of an artifact, written {@code sha256:<64 lower-case hex digits>}. */
public record Digest(String hex) implements Comparable<Digest> {

    private static final String PREFIX = "sha256:";
    private static final int HEX_DIGITS = 64;

    public Digest {
        if (!isHex(hex)) {
            throw new IllegalArgumentException(
                    "'" + hex + "' is not a SHA-256: 64 lower-case hex digits");
        }
    }

    /** Parses {@code sha256:<hex>}. */
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a digest: write sha256:<64 hex digits>");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    public static Optional<Digest> tryHex(String hex) {
        return isHex(hex) ? Optional.of(new Digest(hex)) : Optional.empty();
    }

    private static boolean isHex(String text) {
        if (text.length() != HEX_DIGITS) {
            return false;
        }
        for (int i = 0; i < HEX_DIGITS; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    public static Digest ofBytes(byte[] content) {
        return finish(newMessageDigest(), content);
    }

    /** The digest of what {@code sha256} has taken in; resets it. */
    public static Digest finish(MessageDigest sha256) {
        return new Digest(HexFormat.of().formatHex(sha256.digest()));
    }

    private static Digest finish(MessageDigest sha256, byte[] last) {
        sha256.update(last);
        return finish(sha256);
    }

    public static MessageDigest newMessageDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The value of {@code Repr-Digest} (RFC 9530): {@code sha-256=:<base64>:}. */
    public String reprDigest() {
        return "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)) + ":";
    }

    /**
     * The strong entity tag (RFC 9110 8.8.3) of the artifact: {@code "sha256:<hex>"}, in quotes.
     */
    public String entityTag() {
        return '"' + PREFIX + hex + '"';
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }

    // Written out, as those that a record generates cost a JVM that starts some milliseconds.
    @Override
    public boolean equals(Object object) {
        return object instanceof Digest other && hex.equals(other.hex);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }
}
