package dev.modunest.server.password;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import javax.crypto.spec.SecretKeySpec;

/**
 * One-time passwords by time (RFC 6238): steps of 30 s, 6 digits, HMAC-SHA-1, which is what every
 * authenticator app has. Thread-safe.
 */
public final class Totp {

    private static final Duration STEP = Duration.ofSeconds(30);
    private static final int WINDOW = 1;
    private static final Pattern CODE = Pattern.compile("[0-9]{6}");

    private final TimeBasedOneTimePasswordGenerator generator =
            new TimeBasedOneTimePasswordGenerator(STEP, 6);

    /**
     * The step whose code is {@code code}, of this one, the one before and the one after; empty
     * when it is of none. The caller keeps the step, and refuses a code whose step is not after the
     * one kept, so that a code works once (section 5.2).
     */
    public OptionalLong match(TotpSecret secret, String code, Instant now) {
        if (!CODE.matcher(code).matches()) {
            return OptionalLong.empty();
        }
        long current = Math.floorDiv(now.getEpochSecond(), STEP.toSeconds());
        OptionalLong matched = OptionalLong.empty();
        // All are compared, so that the time does not tell which.
        for (long step = current - WINDOW; step <= current + WINDOW; step++) {
            if (isEqual(code, code(secret, step))) {
                matched = OptionalLong.of(step);
            }
        }
        return matched;
    }

    /** The code of a moment, as an app shows it. */
    public String code(TotpSecret secret, Instant now) {
        return code(secret, Math.floorDiv(now.getEpochSecond(), STEP.toSeconds()));
    }

    /**
     * What an authenticator app reads from a QR code (Google's Key URI Format); secret.
     *
     * @param registry whose account it is, as people know it
     */
    public static String uri(String registry, String account, TotpSecret secret) {
        return "otpauth://totp/"
                + encode(registry)
                + ":"
                + encode(account)
                + "?secret="
                + secret.base32()
                + "&issuer="
                + encode(registry)
                + "&algorithm=SHA1&digits=6&period="
                + STEP.toSeconds();
    }

    private String code(TotpSecret secret, long step) {
        try {
            return generator.generateOneTimePasswordString(
                    new SecretKeySpec(secret.bytes(), "RAW"),
                    Instant.ofEpochSecond(step * STEP.toSeconds()),
                    Locale.ROOT);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException("HMAC takes any key", impossible);
        }
    }

    private static boolean isEqual(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
    }

    /** As RFC 3986 has it: apps read a plus as a plus. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
