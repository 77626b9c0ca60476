package dev.modunest.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What a release says of its plugin. */
record Description(
        Optional<String> title,
        Optional<String> description,
        Optional<String> license,
        Optional<String> homepage,
        List<String> categories) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads it from a manifest that was accepted when it was published; what is not there, or not a
     * text, is left out.
     */
    static Description read(String manifestJson) {
        JsonNode manifest;
        try {
            manifest = JSON.readTree(manifestJson);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("a manifest in the index is not JSON", broken);
        }
        return new Description(
                text(manifest.path("title")),
                text(manifest.path("description")),
                text(manifest.path("license")),
                text(manifest.path("homepage")),
                StreamSupport.stream(manifest.path("categories").spliterator(), false)
                        .flatMap(category -> text(category).stream())
                        .toList());
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.ofNullable(node.textValue());
    }
}
