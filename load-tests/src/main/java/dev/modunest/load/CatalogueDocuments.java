package dev.modunest.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The documents of the registry API that a load test reads; fields that it does not are ignored.
 */
final class CatalogueDocuments {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String DIGEST_PREFIX = "sha256:";

    private CatalogueDocuments() {}

    /**
     * A page of {@code GET /api/v1/plugins}.
     *
     * @param plugins as {@code namespace/name}
     * @param next the path of the next page
     */
    record Page(List<String> plugins, Optional<String> next) {}

    static Page page(String json) {
        JsonNode document = parse(json);
        List<String> plugins = new ArrayList<>();
        for (JsonNode plugin : array(document, "plugins")) {
            plugins.add(text(plugin, "namespace") + "/" + text(plugin, "name"));
        }
        return new Page(plugins, Optional.ofNullable(document.path("next").textValue()));
    }

    /** The releases of {@code GET /api/v1/plugins/{namespace}/{name}}. */
    static List<Artifact> releases(String json) {
        JsonNode document = parse(json);
        String plugin = text(document, "namespace") + "/" + text(document, "name");
        List<Artifact> artifacts = new ArrayList<>();
        for (JsonNode release : array(document, "releases")) {
            artifacts.add(
                    new Artifact(
                            plugin + "@" + text(release, "version"),
                            hex(text(release, "digest")),
                            size(release)));
        }
        return artifacts;
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new LoadTestException(
                    "the registry answered no JSON: " + malformed.getOriginalMessage());
        }
    }

    private static JsonNode array(JsonNode document, String field) {
        JsonNode array = document.path(field);
        if (!array.isArray()) {
            throw unexpected("no array '" + field + "'");
        }
        return array;
    }

    private static String text(JsonNode document, String field) {
        JsonNode text = document.path(field);
        if (!text.isTextual()) {
            throw unexpected("no text '" + field + "'");
        }
        return text.textValue();
    }

    private static long size(JsonNode release) {
        JsonNode size = release.path("size");
        if (!size.canConvertToLong() || size.longValue() < 1) {
            throw unexpected("no number 'size' above 0");
        }
        return size.longValue();
    }

    private static String hex(String digest) {
        if (!digest.startsWith(DIGEST_PREFIX)) {
            throw unexpected("the digest '" + digest + "'");
        }
        return digest.substring(DIGEST_PREFIX.length());
    }

    private static LoadTestException unexpected(String what) {
        return new LoadTestException("a document of the registry has " + what);
    }
}
