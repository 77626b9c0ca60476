package dev.modunest.server.token;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Keys as RFC 7517 writes them, P-256 as RFC 7518, 6.2. */
final class Jwks {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final int COORDINATE_BYTES = 32;

    private Jwks() {}

    static String document(List<SigningKey<SigningKeys.TokenKey>> keys) {
        ObjectNode set = JsonNodeFactory.instance.objectNode();
        ArrayNode array = set.putArray("keys");
        keys.forEach(
                key ->
                        array.addObject()
                                .put("kty", "EC")
                                .put("crv", "P-256")
                                .put("x", x(key.use().publicKey()))
                                .put("y", y(key.use().publicKey()))
                                .put("kid", key.kid())
                                .put("use", "sig")
                                .put("alg", "ES256"));
        return set.toString();
    }

    /** RFC 7638: the SHA-256 of the key's required members in their order. */
    static String thumbprint(ECPublicKey key) {
        String members =
                "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""
                        + x(key)
                        + "\",\"y\":\""
                        + y(key)
                        + "\"}";
        return BASE64URL.encodeToString(
                HexFormat.of()
                        .parseHex(Digest.ofBytes(members.getBytes(StandardCharsets.UTF_8)).hex()));
    }

    private static String x(ECPublicKey key) {
        return coordinate(key.getW().getAffineX());
    }

    private static String y(ECPublicKey key) {
        return coordinate(key.getW().getAffineY());
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = new byte[COORDINATE_BYTES];
        BigInteger rest = value;
        for (int i = COORDINATE_BYTES - 1; i >= 0; i--) {
            bytes[i] = rest.byteValue();
            rest = rest.shiftRight(Byte.SIZE);
        }
        return BASE64URL.encodeToString(bytes);
    }
}
