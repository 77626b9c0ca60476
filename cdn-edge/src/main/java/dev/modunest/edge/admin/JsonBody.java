package dev.modunest.edge.admin;

import dev.modunest.edge.serve.ParsedTarget;
import dev.modunest.edge.serve.RequestTarget;
import dev.modunest.format.Digest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/** Reads JSON bodies, leniently in nothing. */
final class JsonBody {

    private JsonBody() {}

    static JsonObject parse(Buffer body) throws BadRequestException {
        try {
            return new JsonObject(body);
        } catch (DecodeException malformed) {
            throw new BadRequestException("The body is no JSON object.");
        }
    }

    /** Refuses members that mean nothing, which may be misspelt. */
    static void allowOnly(JsonObject body, Set<String> known) throws BadRequestException {
        for (String member : body.fieldNames()) {
            if (!known.contains(member)) {
                throw new BadRequestException(
                        "There is no member "
                                + member
                                + "; known are "
                                + String.join(", ", known.stream().sorted().toList())
                                + ".");
            }
        }
    }

    /** The texts of an array; none when it is absent. */
    static List<String> texts(JsonObject body, String member) throws BadRequestException {
        if (!body.containsKey(member)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        if (!(body.getValue(member) instanceof JsonArray array)) {
            throw new BadRequestException(member + " is no array of texts.");
        }
        for (int i = 0; i < array.size(); i++) {
            if (!(array.getValue(i) instanceof String text) || text.isBlank()) {
                throw new BadRequestException(member + " has at " + i + " something but a text.");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Paths with their queries, in the spelling of the cache's keys. */
    static SequencedSet<String> targets(JsonObject body, String member) throws BadRequestException {
        SequencedSet<String> targets = new LinkedHashSet<>();
        for (String text : texts(body, member)) {
            switch (RequestTarget.parse(text)) {
                case RequestTarget target -> targets.add(target.toString());
                case ParsedTarget.Malformed(String reason) ->
                        throw new BadRequestException(member + ": " + text + ": " + reason);
            }
        }
        return targets;
    }

    static Digest digest(String text) throws BadRequestException {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw new BadRequestException(malformed.getMessage() + ".");
        }
    }
}
