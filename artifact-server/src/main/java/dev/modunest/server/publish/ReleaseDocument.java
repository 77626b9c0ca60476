package dev.modunest.server.publish;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.NewRelease;
import dev.modunest.format.Coordinate;
import dev.modunest.server.idempotency.Answer;

import io.helidon.http.Status;

import java.util.Map;

/** What is told of a release when it goes live: to the publisher, and to other processes. */
final class ReleaseDocument {

    private ReleaseDocument() {}

    static Answer answer(Published published, String publisher) {
        ObjectNode document = release(published.release());
        document.put("publisher", publisher);
        document.put("level", published.release().level().name());
        document.put("publish", PublishDocument.path(published.publish()));
        published.unknownFields().forEach(document.putArray("unknown_fields")::add);
        Coordinate coordinate = published.release().manifest().coordinate();
        return new Answer(
                Status.CREATED_201.code(),
                Map.of(
                        "Link",
                        PublishDocument.link(published.publish()),
                        "Location",
                        "/api/v1/plugins/" + coordinate.plugin() + "/" + coordinate.version(),
                        "Repr-Digest",
                        published.release().digest().reprDigest(),
                        "Registry-Serial",
                        Long.toString(published.serial())),
                document.toString());
    }

    static String event(NewRelease release) {
        return release(release).toString();
    }

    /** What the audit keeps of it. */
    static String detail(NewRelease release) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("digest", release.digest().toString())
                .put("size", release.size())
                .toString();
    }

    private static ObjectNode release(NewRelease release) {
        Coordinate coordinate = release.manifest().coordinate();
        return JsonNodeFactory.instance
                .objectNode()
                .put("coordinate", coordinate.toString())
                .put("namespace", coordinate.plugin().namespace())
                .put("name", coordinate.plugin().name())
                .put("version", coordinate.version().toString())
                .put("digest", release.digest().toString())
                .put("size", release.size())
                .put("url", "/artifacts/sha256/" + release.digest().hex())
                .put("published_at", release.publishedAt().toString());
    }
}
