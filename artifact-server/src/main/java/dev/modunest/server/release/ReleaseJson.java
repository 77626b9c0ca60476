package dev.modunest.server.release;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.modunest.db.Release;
import dev.modunest.db.ReleaseSummary;
import dev.modunest.format.resolve.ResolveJson;

/** Releases, as {@code docs/api/openapi.yaml} gives them. */
public final class ReleaseJson {

    private ReleaseJson() {}

    /** The release document. */
    public static ObjectNode document(Release release) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("coordinate", release.coordinate().toString())
                        .put("namespace", release.coordinate().plugin().namespace())
                        .put("name", release.coordinate().plugin().name());
        document.setAll(summary(release.summary()));
        document.putRawValue("manifest", new RawValue(release.manifestJson()));
        return document;
    }

    /** A release in the list of its plugin. */
    public static ObjectNode summary(ReleaseSummary release) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("version", release.coordinate().version().toString())
                        .put("digest", release.digest().toString())
                        .put("size", release.size())
                        .put("url", "/artifacts/sha256/" + release.digest().hex())
                        .put("published_at", release.publishedAt().toString())
                        .put("publisher", release.publisher());
        ResolveJson.putStatus(document, release.status());
        return document;
    }
}
