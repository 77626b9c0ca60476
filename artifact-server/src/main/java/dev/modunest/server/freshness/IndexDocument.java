package dev.modunest.server.freshness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.trust.IndexedTarget;
import dev.modunest.format.CanonicalJson;
import dev.modunest.format.StrictJson;
import dev.modunest.server.x509.RegistryNames;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The target {@code index/<namespace>/<name>.json}, {@code docs/format/freshness.md}. */
record IndexDocument(RegistryNames names) {

    private static final int VERSION = 1;

    byte[] of(IndexedTarget target) {
        ObjectNode document =
                StrictJson.JSON
                        .createObjectNode()
                        .put("index_version", VERSION)
                        .put("plugin", target.plugin().toString());
        document.putArray("identities")
                .add(names.publisher(target.plugin().namespace()).toString());
        ObjectNode trusted =
                document.putObject("trusted_publishing")
                        .put("required", target.trustedPublishingOnly());
        ArrayNode repositories = trusted.putArray("repository_ids");
        target.repositoryIds().forEach(repositories::add);
        ArrayNode releases = document.putArray("releases");
        target.releases().forEach(release -> add(releases.addObject(), release));
        return CanonicalJson.text(document).getBytes(StandardCharsets.UTF_8);
    }

    private static void add(ObjectNode json, IndexedTarget.Release release) {
        json.put("version", release.version().toString())
                .put("digest", release.digest().toString())
                .put("size", release.size())
                .put("status", release.status().state().name().toLowerCase(Locale.ROOT))
                .put("published_at", release.publishedAt().toString())
                .put("level", release.level().name());
        release.status().reason().ifPresent(reason -> json.put("reason", reason));
        try {
            json.set("permissions", StrictJson.JSON.readTree(release.permissions()));
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("the permissions of a manifest", corrupt);
        }
    }
}
