package dev.modunest.loader.auth;

import java.util.Arrays;
import java.util.Base64;

/** base64url as RFC 7515 2 has it: without padding, and one text only for each value. */
final class Base64Url {

    private Base64Url() {}

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The bytes of {@code text}.
     *
     * @throws IllegalArgumentException also for padding and for bits that encode nothing, which the
     *     JDK's decoder lets pass
     */
    static byte[] decode(String text) {
        byte[] ascii = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] bytes = Base64.getUrlDecoder().decode(ascii);
        if (!Arrays.equals(Base64.getUrlEncoder().withoutPadding().encode(bytes), ascii)
                || ascii.length != text.length()) {
            throw new IllegalArgumentException("not canonical base64url");
        }
        return bytes;
    }
}
