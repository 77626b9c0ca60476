package dev.modunest.format.log;

import java.util.Base64;
import java.util.Optional;

/** Base64 (RFC 4648 4) in its one form: padded, without stray bits. */
final class CanonicalBase64 {

    private CanonicalBase64() {}

    static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return Base64.getEncoder().encodeToString(bytes).equals(text)
                    ? Optional.of(bytes)
                    : Optional.empty();
        } catch (IllegalArgumentException garbage) {
            return Optional.empty();
        }
    }
}
