package dev.modunest.server.oidc;

import com.auth0.jwk.InvalidPublicKeyException;
import com.auth0.jwk.Jwk;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.server.oidc.OidcException.Reason;

import java.net.URI;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An issuer's keys for signatures (RFC 7517). A key fixes the algorithms that it verifies: RSA of
 * 2048 bits or more RS256 and PS256, P-256 ES256, Ed25519 EdDSA (RFC 8725, section 3.1). Keys of
 * other kinds are left out.
 */
final class KeySet {

    private static final int MOST_KEYS = 100;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int P256_BITS = 256;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<Algorithm>> keys;

    private KeySet(Map<String, List<Algorithm>> keys) {
        this.keys = Map.copyOf(keys);
    }

    static KeySet read(ObjectNode document, URI issuer) {
        JsonNode listed = document.path("keys");
        if (!listed.isArray() || listed.size() > MOST_KEYS) {
            throw new OidcException(
                    Reason.PROVIDER_ANSWER_INVALID,
                    "the keys of " + issuer + " are no list of at most " + MOST_KEYS);
        }
        Map<String, List<Algorithm>> keys = new HashMap<>();
        for (JsonNode key : listed) {
            String id = key.path("kid").asText("");
            List<Algorithm> algorithms = isForSignatures(key) ? algorithms(key) : List.of();
            if (!id.isEmpty() && !algorithms.isEmpty()) {
                keys.putIfAbsent(id, algorithms);
            }
        }
        return new KeySet(keys);
    }

    boolean has(String keyId) {
        return keys.containsKey(keyId);
    }

    /** The key of that id as the verifier of {@code algorithm}, when it is one of its own. */
    Optional<Algorithm> find(String keyId, String algorithm) {
        return keys.getOrDefault(keyId, List.of()).stream()
                .filter(verifier -> verifier.getName().equals(algorithm))
                .findFirst();
    }

    private static boolean isForSignatures(JsonNode key) {
        return key.path("use").asText("sig").equals("sig");
    }

    private static List<Algorithm> algorithms(JsonNode key) {
        String only = key.path("alg").asText("");
        List<Algorithm> algorithms = new ArrayList<>(ofType(key));
        algorithms.removeIf(algorithm -> !only.isEmpty() && !algorithm.getName().equals(only));
        return List.copyOf(algorithms);
    }

    private static List<? extends Algorithm> ofType(JsonNode key) {
        return switch (key.path("kty").asText("")) {
            case "OKP" -> Ed25519.read(key.path("crv").asText(""), key.path("x").asText(""));
            case "RSA", "EC" -> ofPublicKey(key);
            default -> List.of();
        };
    }

    private static List<Algorithm> ofPublicKey(JsonNode key) {
        try {
            return switch (Jwk.fromValues(JSON.convertValue(key, new TypeReference<>() {}))
                    .getPublicKey()) {
                case RSAPublicKey rsa when rsa.getModulus().bitLength() >= LEAST_RSA_BITS ->
                        List.of(Algorithm.RSA256(rsa), Algorithm.RSA256PSS(rsa));
                case ECPublicKey ec
                        when ec.getParams().getCurve().getField().getFieldSize() == P256_BITS ->
                        List.of(Algorithm.ECDSA256(ec));
                default -> List.of();
            };
        } catch (InvalidPublicKeyException | RuntimeException bad) {
            // One bad key of an issuer does not spoil the others. The library fails in several
            // ways, by a
            // NullPointerException at a member that is missing.
            return List.of();
        }
    }
}
