package dev.modunest.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The fields of one JSON object of a manifest; what is wrong with them goes to the findings. */
final class ManifestFields {

    private final ObjectNode object;
    private final String pointer;
    private final Findings findings;
    private final Set<String> known = new HashSet<>();

    ManifestFields(ObjectNode object, String pointer, Findings findings) {
        this.object = object;
        this.pointer = pointer;
        this.findings = findings;
    }

    /** A rule for a string: its length, its form and the sentence for both. */
    record Rule(int maxLength, Predicate<String> form, String sentence) {

        boolean admits(String text) {
            return !text.isEmpty()
                    && text.codePointCount(0, text.length()) <= maxLength
                    && form.test(text);
        }
    }

    /** A string; empty when absent or wrong. */
    Optional<String> text(String name, boolean required, Rule rule) {
        return node(name, required).flatMap(node -> text(node, at(name), rule));
    }

    private Optional<String> text(JsonNode node, String where, Rule rule) {
        if (!node.isTextual()) {
            type(where, "a string", node);
            return Optional.empty();
        }
        String text = node.textValue();
        if (!rule.admits(text)) {
            value(where, "'" + EntryNames.shown(text) + "' is not " + rule.sentence());
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /** An array of strings without duplicates; those that are wrong are left out. */
    List<String> texts(String name, int max, Rule rule) {
        List<String> texts = new ArrayList<>();
        List<JsonNode> items = items(name, max);
        for (int i = 0; i < items.size(); i++) {
            String where = at(name) + "/" + i;
            Optional<String> text = text(items.get(i), where, rule);
            if (text.isPresent() && texts.contains(text.get())) {
                value(where, "'" + text.get() + "' stands there twice");
            } else {
                text.ifPresent(texts::add);
            }
        }
        return texts;
    }

    /** An array of objects; what is no object is left out. */
    List<ManifestFields> objects(String name, int max) {
        List<ManifestFields> objects = new ArrayList<>();
        List<JsonNode> items = items(name, max);
        for (int i = 0; i < items.size(); i++) {
            String where = at(name) + "/" + i;
            if (items.get(i) instanceof ObjectNode item) {
                objects.add(new ManifestFields(item, where, findings));
            } else {
                type(where, "an object", items.get(i));
            }
        }
        return objects;
    }

    private List<JsonNode> items(String name, int max) {
        Optional<JsonNode> node = node(name, false);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!node.get().isArray()) {
            type(at(name), "an array", node.get());
            return List.of();
        }
        if (node.get().size() > max) {
            value(at(name), "it has " + node.get().size() + " items; the limit is " + max);
        }
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode item : node.get()) {
            if (items.size() < max) {
                items.add(item);
            }
        }
        return items;
    }

    /** A boolean; false when absent or wrong. */
    boolean flag(String name) {
        Optional<JsonNode> node = node(name, false);
        if (node.isPresent() && !node.get().isBoolean()) {
            type(at(name), "true or false", node.get());
        }
        return node.isPresent() && node.get().booleanValue();
    }

    /** Reports a field that is not this very whole number. */
    void exactly(String name, int expected) {
        node(name, true)
                .ifPresent(
                        node -> {
                            if (!node.isNumber()) {
                                type(at(name), "a number", node);
                            } else if (node.decimalValue()
                                            .compareTo(java.math.BigDecimal.valueOf(expected))
                                    != 0) {
                                value(at(name), node + " is not " + expected);
                            }
                        });
    }

    private Optional<JsonNode> node(String name, boolean required) {
        known.add(name);
        JsonNode node = object.get(name);
        if (node == null && required) {
            findings.add(ArchiveCode.FIELD_MISSING, at(name), "the field is required");
        }
        return Optional.ofNullable(node);
    }

    /** Pointers of the fields that nobody asked for. */
    List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        object.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!known.contains(name)) {
                                unknown.add(at(name));
                            }
                        });
        return unknown;
    }

    private void type(String where, String expected, JsonNode node) {
        findings.add(
                ArchiveCode.FIELD_TYPE,
                where,
                "it must be " + expected + " and is " + article(node));
    }

    private static String article(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING -> "null";
        };
    }

    void value(String where, String detail) {
        findings.add(ArchiveCode.FIELD_VALUE, where, detail);
    }

    /** The JSON pointer (RFC 6901) of a field. */
    String at(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    String pointer() {
        return pointer;
    }
}
