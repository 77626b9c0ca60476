package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The canonical form over which metadata is signed (specification 4.1, the "Canonical JSON" of
 * OLPC): like RFC 8785, but members in the order of code points, and of a string only {@code "} and
 * {@code \} escaped. Numbers are whole and within 2^53-1.
 */
final class OlpcJson {

    private static final long MAX_INTEGER = (1L << 53) - 1;

    private final StringBuilder out = new StringBuilder(1 << 12);

    private OlpcJson() {}

    /**
     * The canonical form in UTF-8.
     *
     * @throws IllegalArgumentException for what has none
     */
    static byte[] bytes(JsonNode document) {
        OlpcJson canonical = new OlpcJson();
        canonical.write(document);
        return canonical.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> array(node);
            case STRING -> string(node.textValue());
            case NUMBER -> number(node);
            case BOOLEAN, NULL -> out.append(node.asText());
            case BINARY, MISSING, POJO ->
                    throw new IllegalStateException("a parsed document has none of these");
        }
    }

    private void object(JsonNode node) {
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(node.properties());
        members.sort(Map.Entry.comparingByKey(OlpcJson::compareCodePoints));
        out.append('{');
        Iterator<Map.Entry<String, JsonNode>> sorted = members.iterator();
        while (sorted.hasNext()) {
            Map.Entry<String, JsonNode> member = sorted.next();
            string(member.getKey());
            out.append(':');
            write(member.getValue());
            if (sorted.hasNext()) {
                out.append(',');
            }
        }
        out.append('}');
    }

    private static int compareCodePoints(String left, String right) {
        return Arrays.compareUnsigned(
                left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }

    private void array(JsonNode node) {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(node.get(i));
        }
        out.append(']');
    }

    private void number(JsonNode node) {
        if (!node.isIntegralNumber()
                || !node.canConvertToLong()
                || node.longValue() > MAX_INTEGER
                || node.longValue() < -MAX_INTEGER) {
            throw new IllegalArgumentException(
                    node + " has no place here: numbers are whole and within 2^53-1");
        }
        out.append(node.longValue());
    }

    private void string(String text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= 0xdfff)) {
            throw new IllegalArgumentException("a string has half of a surrogate pair");
        }
        out.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
}
