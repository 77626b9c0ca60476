package dev.modunest.format.sign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sets of Ed25519 keys as JSON Web Keys (RFC 7517, RFC 8037), each named by RFC 7638. */
public final class Ed25519KeySet {

    /** Keys of a set that are read. */
    private static final int MAX_KEYS = 100;

    private static final String TYPE = "OKP";
    private static final String CURVE = "Ed25519";

    private Ed25519KeySet() {}

    /** The document of {@code keys}, in their order. */
    public static String write(List<VerifyingKey> keys) {
        ObjectNode set = StrictJson.JSON.createObjectNode();
        ArrayNode array = set.putArray("keys");
        keys.forEach(
                key ->
                        array.addObject()
                                .put("kty", TYPE)
                                .put("crv", CURVE)
                                .put("x", x(key))
                                .put("kid", kid(key))
                                .put("use", "sig")
                                .put("alg", "EdDSA"));
        return set.toString();
    }

    /**
     * The Ed25519 keys of a document, by their names, which are computed; others are skipped.
     *
     * @throws IllegalArgumentException when it is no key set, or has more than 100 keys
     */
    public static Map<String, VerifyingKey> read(byte[] document) {
        JsonNode list = StrictJson.object(document).path("keys");
        if (!list.isArray() || list.size() > MAX_KEYS) {
            throw new IllegalArgumentException("not a key set of at most " + MAX_KEYS + " keys");
        }
        Map<String, VerifyingKey> keys = new LinkedHashMap<>();
        for (JsonNode entry : list) {
            read(entry).ifPresent(key -> keys.put(kid(key), key));
        }
        return keys;
    }

    private static Optional<VerifyingKey> read(JsonNode entry) {
        boolean ours =
                StrictJson.text(entry, "kty").filter(TYPE::equals).isPresent()
                        && StrictJson.text(entry, "crv").filter(CURVE::equals).isPresent();
        return ours
                ? StrictJson.text(entry, "x")
                        .map(Base64.getUrlDecoder()::decode)
                        .map(VerifyingKey::ofEd25519)
                : Optional.empty();
    }

    /** RFC 7638: the SHA-256 of the key's required members in their order. */
    public static String kid(VerifyingKey key) {
        String members =
                "{\"crv\":\"" + CURVE + "\",\"kty\":\"" + TYPE + "\",\"x\":\"" + x(key) + "\"}";
        return base64Url(
                HexFormat.of()
                        .parseHex(Digest.ofBytes(members.getBytes(StandardCharsets.UTF_8)).hex()));
    }

    private static String x(VerifyingKey key) {
        if (key.algorithm() != SignatureAlgorithm.ED25519) {
            throw new IllegalArgumentException(key + " is no key of Ed25519");
        }
        return base64Url(key.raw());
    }

    private static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
