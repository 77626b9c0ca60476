package dev.modunest.loader.auth;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.StrictJson;
import dev.modunest.loader.TrustedIssuer.Algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The public keys of an issuer (RFC 7517 5). */
record KeySet(List<VerifyingKey> keys) {

    private static final int MAX_KEYS = 100;

    KeySet {
        keys = List.copyOf(keys);
    }

    /**
     * Reads a key set; keys of other uses and kinds are passed over.
     *
     * @throws IllegalArgumentException when it is none, has an unsound key or none that is usable
     */
    static KeySet read(String json) {
        JsonNode array = StrictJson.object(json).path("keys");
        if (!array.isArray() || array.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "a key set has an array 'keys' of at most " + MAX_KEYS);
        }
        List<VerifyingKey> keys = new ArrayList<>();
        array.forEach(jwk -> VerifyingKey.read(jwk).ifPresent(keys::add));
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("it has no key for signatures that has a kid");
        }
        return new KeySet(keys);
    }

    Optional<VerifyingKey> find(String kid, Algorithm algorithm) {
        return keys.stream().filter(key -> key.isFor(kid, algorithm)).findFirst();
    }
}
