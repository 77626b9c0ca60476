package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads fields of metadata; what is not of its type is an IllegalArgumentException. */
final class MetadataFields {

    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z");
    private static final Pattern SPEC_VERSION = Pattern.compile("1\\.\\d{1,9}(\\.\\d{1,9})?");

    private MetadataFields() {}

    /** Checks what every role's document begins with (specification 4.3). */
    static void header(JsonNode signed, String type) {
        if (!text(signed, "_type").equals(type)) {
            throw new IllegalArgumentException(
                    "'_type' is '" + text(signed, "_type") + "', not '" + type + "'");
        }
        String version = text(signed, "spec_version");
        if (!SPEC_VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("'" + version + "' is not a version 1 of TUF");
        }
    }

    static String text(JsonNode object, String field) {
        String text = object.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("'" + field + "' is not a string");
        }
        return text;
    }

    static long positive(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw new IllegalArgumentException("'" + field + "' is not a number from 1");
        }
        return value.longValue();
    }

    static int threshold(JsonNode role) {
        return (int) Math.min(positive(role, "threshold"), Integer.MAX_VALUE);
    }

    static OptionalLong length(JsonNode object) {
        JsonNode value = object.path("length");
        if (value.isMissingNode()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new IllegalArgumentException("'length' is not a number from 0");
        }
        return OptionalLong.of(value.longValue());
    }

    static Instant expires(JsonNode signed) {
        String text = text(signed, "expires");
        if (!DATE_TIME.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not YYYY-MM-DDTHH:MM:SSZ");
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException noSuchDay) {
            throw new IllegalArgumentException("'" + text + "' is no time", noSuchDay);
        }
    }

    static JsonNode object(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        if (!value.isObject()) {
            throw new IllegalArgumentException("'" + field + "' is not an object");
        }
        return value;
    }

    static List<String> texts(JsonNode object, String field) {
        JsonNode list = object.path(field);
        if (!list.isArray()) {
            throw new IllegalArgumentException("'" + field + "' is not a list");
        }
        List<String> texts = new ArrayList<>(list.size());
        for (JsonNode item : list) {
            if (!item.isTextual()) {
                throw new IllegalArgumentException("'" + field + "' has what is no string");
            }
            texts.add(item.textValue());
        }
        return texts;
    }
}
