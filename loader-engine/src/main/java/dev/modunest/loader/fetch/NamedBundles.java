package dev.modunest.loader.fetch;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.Octets;

import java.util.Base64;
import java.util.Optional;

/**
 * Which bundles besides the publisher's a summary names in its {@code inputAttestations}: a hint
 * what to fetch, read before anything is verified.
 */
record NamedBundles(boolean provenance, boolean second) {

    private static final NamedBundles NONE = new NamedBundles(false, false);

    static NamedBundles in(Optional<Octets> summary) {
        if (summary.isEmpty()) {
            return NONE;
        }
        try {
            JsonNode envelope = StrictJson.object(summary.get().bytes()).path("dsseEnvelope");
            JsonNode statement =
                    StrictJson.object(
                            Base64.getDecoder().decode(envelope.path("payload").asText()));
            JsonNode inputs = statement.path("predicate").path("inputAttestations");
            return new NamedBundles(
                    names(inputs, EvidenceFiles.PROVENANCE), names(inputs, EvidenceFiles.SECOND));
        } catch (IllegalArgumentException malformed) {
            return NONE; // the verifier will say so
        }
    }

    private static boolean names(JsonNode inputs, String suffix) {
        return inputs.valueStream().anyMatch(input -> input.path("uri").asText().endsWith(suffix));
    }
}
