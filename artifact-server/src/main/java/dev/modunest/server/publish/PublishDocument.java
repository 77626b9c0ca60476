package dev.modunest.server.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.PublishRecord;
import dev.modunest.db.PublishState;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.problem.ProblemHandler;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import io.helidon.http.Status;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/** A publish as JSON. */
final class PublishDocument {

    static final String PATH = "/api/v1/publishes";

    private static final ObjectMapper JSON = new ObjectMapper();

    private PublishDocument() {}

    static String path(UUID id) {
        return PATH + "/" + id;
    }

    /** The header {@code Link} of an answer that tells the end of a publish. */
    static String link(UUID id) {
        return "<" + path(id) + ">; rel=\"publish\"";
    }

    static ObjectNode of(PublishRecord publish) {
        ObjectNode document = JSON.createObjectNode();
        document.put("id", publish.id().toString())
                .put("url", path(publish.id()))
                .put("state", publish.state().key())
                .put("coordinate", publish.coordinate().toString())
                .put("publisher", publish.account().name());
        publish.digest().ifPresent(digest -> document.put("digest", digest.toString()));
        publish.size().ifPresent(size -> document.put("size", size));
        if (!publish.state().isOver()) {
            publish.position().ifPresent(position -> document.put("position", position));
            publish.expectedAt().ifPresent(at -> document.put("expected_at", at.toString()));
        }
        if (publish.state() == PublishState.LIVE) {
            document.put(
                    "release",
                    "/api/v1/plugins/"
                            + publish.coordinate().plugin()
                            + "/"
                            + publish.coordinate().version());
        }
        publish.problemJson().ifPresent(problem -> document.set("problem", read(problem)));
        return document.put("created_at", publish.createdAt().toString())
                .put("updated_at", publish.updatedAt().toString());
    }

    /** 202: the publish goes on without its request. */
    static Answer accepted(PublishRecord publish) {
        return new Answer(
                Status.ACCEPTED_202.code(),
                Map.of("Location", path(publish.id())),
                of(publish).toString());
    }

    /** Why the publish was refused, as the request would have been told. */
    static String problem(UUID id, Rejection rejection) {
        return new String(
                ProblemHandler.problem(rejection, path(id), RequestId.current()).toJson(),
                StandardCharsets.UTF_8);
    }

    private static com.fasterxml.jackson.databind.JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a problem in the index cannot be read", corrupt);
        }
    }
}
