package dev.modunest.format;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The canonical form of a JSON document after RFC 8785 (JCS), for documents whose numbers are whole
 * and within 2^53-1, so that no floating point is to be written.
 */
public final class CanonicalJson {

    private static final long MAX_INTEGER = (1L << 53) - 1;

    private final StringBuilder out = new StringBuilder(1 << 14);

    private CanonicalJson() {}

    /**
     * The SHA-256 of the canonical form in UTF-8. Throws IllegalArgumentException for what is
     * outside the subset.
     */
    public static Digest digest(JsonNode document) {
        CanonicalJson canonical = new CanonicalJson();
        canonical.write(document);
        return Digest.ofBytes(canonical.out.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The canonical form. Throws IllegalArgumentException for what is outside the subset. */
    public static String text(JsonNode document) {
        CanonicalJson canonical = new CanonicalJson();
        canonical.write(document);
        return canonical.out.toString();
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

    /** Members in the order of the UTF-16 units of their names, which is String's own. */
    private void object(JsonNode node) {
        List<Map.Entry<String, JsonNode>> members = new ArrayList<>(node.properties());
        members.sort(Map.Entry.comparingByKey());
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
                || Math.abs(node.longValue()) > MAX_INTEGER) {
            throw new IllegalArgumentException(
                    node + " has no place here: numbers are whole and within 2^53-1");
        }
        out.append(node.longValue());
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> other(text, i, c);
            }
        }
        out.append('"');
    }

    private void other(String text, int at, char c) {
        if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
            return;
        }
        boolean lone =
                (Character.isHighSurrogate(c)
                                && (at + 1 == text.length()
                                        || !Character.isLowSurrogate(text.charAt(at + 1))))
                        || (Character.isLowSurrogate(c)
                                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1))));
        if (lone) {
            throw new IllegalArgumentException("a string has half of a surrogate pair");
        }
        out.append(c);
    }
}
