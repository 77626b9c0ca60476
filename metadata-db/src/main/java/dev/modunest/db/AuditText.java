package dev.modunest.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;

import java.util.PrimitiveIterator;

/**
 * Makes what strangers send fit to be kept: neither Postgres nor RFC 8785 takes every string of
 * Java.
 */
final class AuditText {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int REPLACEMENT = 0xfffd;

    private AuditText() {}

    /** With U+FFFD for each NUL and each half of a surrogate pair. */
    static String legible(String text) {
        StringBuilder legible = new StringBuilder(text.length());
        PrimitiveIterator.OfInt points = text.codePoints().iterator();
        while (points.hasNext()) {
            int point = points.nextInt();
            boolean kept =
                    point != 0
                            && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
            legible.appendCodePoint(kept ? point : REPLACEMENT);
        }
        return legible.toString();
    }

    /** The object that {@code json} is; throws IllegalArgumentException when it cannot be kept. */
    static ObjectNode object(String json) {
        if (parse(json) instanceof ObjectNode object) {
            ObjectNode legible = legible(object);
            String _ = CanonicalJson.text(legible);
            return legible;
        }
        throw new IllegalArgumentException(json + " is no JSON object");
    }

    /** What {@code json} is, as it stands there; throws IllegalArgumentException for no JSON. */
    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(json + " is no JSON", malformed);
        }
    }

    private static ObjectNode legible(ObjectNode object) {
        ObjectNode legible = JsonNodeFactory.instance.objectNode();
        object.properties()
                .forEach(
                        member ->
                                legible.set(legible(member.getKey()), legible(member.getValue())));
        return legible;
    }

    private static JsonNode legible(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> legible(object);
            case ArrayNode array -> {
                ArrayNode legible = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> legible.add(legible(element)));
                yield legible;
            }
            default ->
                    node.isTextual()
                            ? JsonNodeFactory.instance.textNode(legible(node.textValue()))
                            : node;
        };
    }
}
