package dev.modunest.server.auth;

import dev.modunest.format.Digest;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a token: {@code mnt_}, 256 random bits as 43 base-62 digits, and the CRC-32 of what
 * stands before as 6 more, so that secret scanners can tell a token and a typing error costs no
 * look-up. Never shows its text by {@link #toString}.
 */
public final class ApiToken {

    private static final String PREFIX = "mnt_";
    private static final String DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int RANDOM_BITS = 256;
    private static final int RANDOM_DIGITS = 43;
    private static final int CHECK_DIGITS = 6;
    private static final Pattern FORM = Pattern.compile("mnt_[0-9A-Za-z]{49}");

    private final String text;

    private ApiToken(String text) {
        this.text = text;
    }

    public static ApiToken create(SecureRandom random) {
        String unchecked = PREFIX + base62(new BigInteger(RANDOM_BITS, random), RANDOM_DIGITS);
        return new ApiToken(unchecked + check(unchecked));
    }

    /** Empty when {@code text} was never a token. */
    public static Optional<ApiToken> tryParse(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        int end = text.length() - CHECK_DIGITS;
        return text.substring(end).equals(check(text.substring(0, end)))
                ? Optional.of(new ApiToken(text))
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
        return PREFIX + "****";
    }
}
