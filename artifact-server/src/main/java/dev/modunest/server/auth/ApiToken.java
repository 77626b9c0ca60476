package dev.modunest.server.auth;

import dev.modunest.format.Digest;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a token: what kind it is, {@code mnt_} as a rule, 256 random bits as 43 base-62
 * digits, and the CRC-32 of what stands before as 6 more, so that secret scanners can tell a token
 * and a typing error costs no look-up. Never shows its text by {@link #toString}.
 */
public final class ApiToken {

    /** What a token is for; it begins with that. */
    public enum Kind {
        API("mnt_"),
        REFRESH("mnr_"),
        /** The code by which a host enrols. */
        ENROLMENT("mne_");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int RANDOM_BITS = 256;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECK_DIGITS = 6;
    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z]{49}");

    private final Kind kind;
    private final String text;

    private ApiToken(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    public static ApiToken create(SecureRandom random) {
        return create(Kind.API, random);
    }

    public static ApiToken create(Kind kind, SecureRandom random) {
        String unchecked = kind.prefix + base62(new BigInteger(RANDOM_BITS, random), RANDOM_DIGITS);
        return new ApiToken(kind, unchecked + check(unchecked));
    }

    /** Empty when {@code text} was never an API token. */
    public static Optional<ApiToken> tryParse(String text) {
        return tryParse(Kind.API, text);
    }

    /** Empty when {@code text} was never one of that kind. */
    public static Optional<ApiToken> tryParse(Kind kind, String text) {
        if (!text.startsWith(kind.prefix)
                || !FORM.matcher(text.substring(kind.prefix.length())).matches()) {
            return Optional.empty();
        }
        int end = text.length() - CHECK_DIGITS;
        return text.substring(end).equals(check(text.substring(0, end)))
                ? Optional.of(new ApiToken(kind, text))
                : Optional.empty();
    }

    public String text() {
        return text;
    }

    /**
     * What is stored. The token has 256 random bits, so a plain hash needs no salt and no
     * stretching.
     */
    public String sha256Hex() {
        return Digest.ofBytes(text.getBytes(StandardCharsets.US_ASCII)).hex();
    }

    private static String check(String unchecked) {
        CRC32 crc = new CRC32();
        crc.update(unchecked.getBytes(StandardCharsets.US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), CHECK_DIGITS);
    }

    private static String base62(BigInteger value, int digits) {
        char[] out = new char[digits];
        BigInteger rest = value;
        for (int i = digits - 1; i >= 0; i--) {
            BigInteger[] division = rest.divideAndRemainder(BASE);
            out[i] = DIGITS.charAt(division[1].intValue());
            rest = division[0];
        }
        return new String(out);
    }

    @Override
    public String toString() {
        return kind.prefix + "****";
    }
}
