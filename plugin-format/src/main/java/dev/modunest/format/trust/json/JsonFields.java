package dev.modunest.format.trust.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a JSON object; what is missing or of another type is an IllegalArgumentException
 * that names the field.
 *
 * @param where the object in its document, for messages
 */
public record JsonFields(ObjectNode object, String where) {

    public static JsonFields parse(byte[] utf8, String where) {
        return new JsonFields(StrictJson.object(utf8), where);
    }

    /** Demands that no other fields are there. */
    public JsonFields only(String... fields) {
        Set<String> known = Set.of(fields);
        object.fieldNames()
                .forEachRemaining(
                        field -> {
                            if (!known.contains(field)) {
                                throw fault(field, "has no place here");
                            }
                        });
        return this;
    }

    public boolean has(String field) {
        return object.has(field);
    }

    public JsonFields object(String field) {
        if (object.get(field) instanceof ObjectNode inner) {
            return new JsonFields(inner, where + "." + field);
        }
        throw fault(field, "is not an object");
    }

    public Optional<JsonFields> objectIf(String field) {
        return has(field) ? Optional.of(object(field)) : Optional.empty();
    }

    /** The objects of an array; none when the field is absent. */
    public List<JsonFields> objects(String field) {
        JsonNode array = object.path(field);
        if (!array.isArray() && !array.isMissingNode()) {
            throw fault(field, "is not an array");
        }
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode element : array) {
            if (!(element instanceof ObjectNode inner)) {
                throw fault(field, "has an element that is not an object");
            }
            objects.add(new JsonFields(inner, where + "." + field + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /** The strings of an array, which must be there. */
    public List<String> texts(String field) {
        JsonNode array = object.path(field);
        if (!array.isArray()) {
            throw fault(field, "is not an array");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                throw fault(field, "has an element that is not a string");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** A string that is not empty. */
    public String text(String field) {
        return StrictJson.text(object, field)
                .orElseThrow(() -> fault(field, "is not a string with content"));
    }

    public Optional<String> textIf(String field) {
        return has(field) ? Optional.of(text(field)) : Optional.empty();
    }

    public void require(String field, String value) {
        if (!text(field).equals(value)) {
            throw fault(field, "is not " + value);
        }
    }

    /** Canonical base64 (RFC 4648 4) of at least one byte. */
    public byte[] base64(String field) {
        String text = text(field);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException garbage) {
            throw fault(field, "is not base64");
        }
        throw fault(field, "is not base64 in its one form");
    }

    /** A number from 0 on, in decimal in a string, as protobuf writes 64 bits. */
    public long number(String field) {
        String text = text(field);
        if (!text.matches("0|[1-9]\\d{0,17}")) {
            throw fault(field, "is not a number in a string");
        }
        return Long.parseLong(text);
    }

    /** Lower-case hex of a SHA-256. */
    public Digest sha256(String field) {
        return Digest.tryHex(text(field)).orElseThrow(() -> fault(field, "is not a SHA-256"));
    }

    /** A time after RFC 3339. */
    public Instant time(String field) {
        try {
            return OffsetDateTime.parse(text(field)).toInstant();
        } catch (DateTimeException malformed) {
            throw fault(field, "is not a time");
        }
    }

    public IllegalArgumentException fault(String field, String what) {
        return new IllegalArgumentException(where + "." + field + " " + what);
    }
}
