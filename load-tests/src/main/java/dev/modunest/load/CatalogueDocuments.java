package dev.modunest.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The documents of the registry API that a load test reads; fields that it does not are ignored.
 */
final class CatalogueDocuments {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String DIGEST_PREFIX = "sha256:";
    private static final Set<String> NOT_SERVED = Set.of("quarantined", "deleted");

    private CatalogueDocuments() {}

    /**
     * A page of {@code GET /api/v1/plugins}.
     *
     * @param next the path of the next page
     */
    record Page(List<PluginSummary> plugins, Optional<String> next) {}

    static Page page(String json) {
        return page(parse(json));
    }

    static Page page(JsonNode document) {
        List<PluginSummary> plugins = new ArrayList<>();
        for (JsonNode plugin : array(document, "plugins")) {
            plugins.add(summary(plugin));
        }
        return new Page(plugins, Optional.ofNullable(document.path("next").textValue()));
    }

    private static PluginSummary summary(JsonNode plugin) {
        List<String> categories = new ArrayList<>();
        plugin.path("categories").forEach(category -> categories.add(category.asText()));
        return new PluginSummary(
                text(plugin, "namespace"),
                text(plugin, "name"),
                text(plugin, "latest_version"),
                plugin.path("title").asText(),
                categories,
                Optional.ofNullable(plugin.path("license").textValue()));
    }

    /** The releases of {@code GET /api/v1/plugins/{namespace}/{name}} that are served. */
    static List<Artifact> releases(String json) {
        JsonNode document = parse(json);
        String plugin = text(document, "namespace") + "/" + text(document, "name");
        List<Artifact> artifacts = new ArrayList<>();
        for (JsonNode release : array(document, "releases")) {
            if (!NOT_SERVED.contains(release.path("status").asText())) {
                artifacts.add(
                        new Artifact(
                                plugin + "@" + text(release, "version"),
                                hex(text(release, "digest")),
                                size(release)));
            }
        }
        return artifacts;
    }

    /** What the steps of a plan download. */
    static List<Artifact> steps(JsonNode lock) {
        List<Artifact> artifacts = new ArrayList<>();
        for (JsonNode step : array(lock, "steps")) {
            artifacts.add(
                    new Artifact(text(step, "coordinate"), hex(text(step, "digest")), size(step)));
        }
        return artifacts;
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new LoadTestException(
                    "the registry answered no JSON: " + malformed.getOriginalMessage());
        }
    }

    static JsonNode array(JsonNode document, String field) {
        JsonNode array = document.path(field);
        if (!array.isArray()) {
            throw unexpected("no array '" + field + "'");
        }
        return array;
    }

    static String text(JsonNode document, String field) {
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
