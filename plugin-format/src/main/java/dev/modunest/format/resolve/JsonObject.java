package dev.modunest.format.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A JSON object read with strict types. Every method throws IllegalArgumentException that begins
 * with the JSON pointer.
 */
final class JsonObject {

    private final ObjectNode fields;
    private final String pointer;

    private JsonObject(ObjectNode fields, String pointer) {
        this.fields = fields;
        this.pointer = pointer;
    }

    static JsonObject of(JsonNode document) {
        return of(document, "");
    }

    private static JsonObject of(JsonNode node, String pointer) {
        if (node instanceof ObjectNode fields) {
            return new JsonObject(fields, pointer);
        }
        throw new IllegalArgumentException(
                (pointer.isEmpty() ? "the document" : pointer) + " must be a JSON object");
    }

    /** Refuses fields other than {@code known}. */
    void allowOnly(Set<String> known) {
        fields.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!known.contains(name)) {
                                throw new IllegalArgumentException(
                                        at(name)
                                                + " is unknown: the fields are "
                                                + String.join(", ", new TreeSet<>(known)));
                            }
                        });
    }

    <T> T text(String name, Function<String, T> parser) {
        return optionalText(name, parser)
                .orElseThrow(() -> new IllegalArgumentException(at(name) + " is missing"));
    }

    <T> Optional<T> optionalText(String name, Function<String, T> parser) {
        JsonNode value = value(name);
        return value == null ? Optional.empty() : Optional.of(parsed(value, at(name), parser));
    }

    /** A number of bytes. */
    long size(String name) {
        JsonNode value = value(name);
        if (value == null
                || !value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < 0) {
            throw new IllegalArgumentException(at(name) + " must be a whole number of bytes");
        }
        return value.longValue();
    }

    /** An object; empty when absent. */
    Optional<JsonObject> optionalObject(String name) {
        JsonNode value = value(name);
        return value == null ? Optional.empty() : Optional.of(of(value, at(name)));
    }

    /** A boolean; false when absent. */
    boolean flag(String name) {
        JsonNode value = value(name);
        if (value != null && !value.isBoolean()) {
            throw new IllegalArgumentException(at(name) + " must be true or false");
        }
        return value != null && value.booleanValue();
    }

    /** An array of strings; empty when absent. */
    <T> List<T> texts(String name, int max, Function<String, T> parser) {
        List<T> texts = new ArrayList<>();
        for (JsonNode item : array(name, max)) {
            texts.add(parsed(item, at(name) + "/" + texts.size(), parser));
        }
        return texts;
    }

    /** An array of objects; empty when absent. */
    List<JsonObject> objects(String name, int max) {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonNode item : array(name, max)) {
            objects.add(of(item, at(name) + "/" + objects.size()));
        }
        return objects;
    }

    private Iterable<JsonNode> array(String name, int max) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw new IllegalArgumentException(at(name) + " must be an array");
        }
        if (value.size() > max) {
            throw new IllegalArgumentException(
                    at(name) + " has " + value.size() + " items, more than the limit of " + max);
        }
        return value;
    }

    private static <T> T parsed(JsonNode value, String where, Function<String, T> parser) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException(where + " must be a string");
        }
        try {
            return parser.apply(value.textValue());
        } catch (IllegalArgumentException bad) {
            throw new IllegalArgumentException(where + ": " + bad.getMessage(), bad);
        }
    }

    /** Null when the field is absent or JSON's null. */
    private @Nullable JsonNode value(String name) {
        JsonNode value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private String at(String name) {
        return pointer + "/" + name;
    }
}
