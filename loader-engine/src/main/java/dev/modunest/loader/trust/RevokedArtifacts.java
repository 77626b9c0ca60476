package dev.modunest.loader.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.json.JsonFields;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The target {@code revoked.json}: reasons by digest. */
record RevokedArtifacts(Map<Digest, String> reasons) {

    RevokedArtifacts {
        reasons = Map.copyOf(reasons);
    }

    /**
     * Reads the target.
     *
     * @throws IllegalArgumentException when it is none
     */
    static RevokedArtifacts parse(byte[] utf8) {
        JsonFields json = JsonFields.parse(utf8, "revoked");
        if (json.object().path("revoked_version").asInt(0) != 1) {
            throw json.fault("revoked_version", "is not 1");
        }
        Map<Digest, String> reasons = new HashMap<>();
        for (JsonFields artifact : json.objects("artifacts")) {
            reasons.put(
                    Digest.parse(artifact.text("digest")),
                    artifact.textIf("reason").orElse("no reason is given")
                            + artifact.textIf("at").map(at -> ", at " + at).orElse(""));
        }
        return new RevokedArtifacts(reasons);
    }

    Optional<String> reasonOf(Digest artifact) {
        return Optional.ofNullable(reasons.get(artifact));
    }
}
