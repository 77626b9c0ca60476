package dev.modunest.server.freshness;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.trust.TakenDown;
import dev.modunest.format.CanonicalJson;
import dev.modunest.format.StrictJson;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The target {@code revoked.json}, {@code docs/format/freshness.md}. */
final class RevokedDocument {

    private static final int VERSION = 1;

    private RevokedDocument() {}

    static byte[] of(List<TakenDown> releases) {
        ObjectNode document = StrictJson.JSON.createObjectNode().put("revoked_version", VERSION);
        ArrayNode artifacts = document.putArray("artifacts");
        for (TakenDown release : releases) {
            ObjectNode artifact = artifacts.addObject().put("digest", release.digest().toString());
            if (!release.secret()) {
                artifact.put("coordinate", release.coordinate().toString());
            }
            artifact.put("reason", release.reason()).put("at", release.at().toString());
        }
        return CanonicalJson.text(document).getBytes(StandardCharsets.UTF_8);
    }
}
