package dev.modunest.format.trust.json;

import java.util.Base64;

/** Bytes that compare by content, as canonical base64 (RFC 4648 4). */
public record Octets(String base64) {

    public static Octets of(byte[] bytes) {
        return new Octets(Base64.getEncoder().encodeToString(bytes));
    }

    public byte[] bytes() {
        return Base64.getDecoder().decode(base64);
    }
}
