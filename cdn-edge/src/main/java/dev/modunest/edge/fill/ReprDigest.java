package dev.modunest.edge.fill;

import dev.modunest.format.Digest;

import io.vertx.core.MultiMap;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** Reads {@code Repr-Digest} (RFC 9530): the member {@code sha-256=:<base64>:}. */
final class ReprDigest {

    private static final String MEMBER = "sha-256=:";
    private static final int SHA256_BYTES = 32;

    private ReprDigest() {}

    static Optional<Digest> sha256(MultiMap headers) {
        for (String value : headers.getAll("Repr-Digest")) {
            for (String member : value.split(",", -1)) {
                String text = member.strip();
                if (text.startsWith(MEMBER) && text.endsWith(":")) {
                    return decode(text.substring(MEMBER.length(), text.length() - 1));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Digest> decode(String base64) {
        try {
            byte[] hash = Base64.getDecoder().decode(base64);
            return hash.length == SHA256_BYTES
                    ? Optional.of(new Digest(HexFormat.of().formatHex(hash)))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
