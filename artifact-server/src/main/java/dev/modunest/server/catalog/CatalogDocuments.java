package dev.modunest.server.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Facets;
import dev.modunest.db.PluginRecord;
import dev.modunest.db.ReleaseSummary;
import dev.modunest.db.SearchResult;
import dev.modunest.server.release.ReleaseJson;

import java.util.List;
import java.util.Optional;

/** The documents of the catalogue, as {@code docs/api/openapi.yaml} gives them. */
final class CatalogDocuments {

    private CatalogDocuments() {}

    /**
     * One page.
     *
     * @param facets when they were asked for
     */
    static ObjectNode page(SearchPage page, SearchResult found, Optional<Facets> facets) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode plugins = document.putArray("plugins");
        found.plugins().forEach(plugin -> plugins.add(plugin(plugin)));
        found.last().ifPresent(last -> document.put("next", page.nextLink(last)));
        facets.ifPresent(counted -> document.set("facets", facets(counted)));
        return document;
    }

    private static ObjectNode facets(Facets facets) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        putCounts(document.putArray("category"), facets.categories());
        putCounts(document.putArray("license"), facets.licenses());
        return document.put("matches", facets.matches()).put("complete", facets.complete());
    }

    private static void putCounts(ArrayNode array, List<Facets.Count> counts) {
        counts.forEach(
                count -> array.addObject().put("value", count.value()).put("count", count.count()));
    }

    /**
     * A plugin with a page of its releases.
     *
     * @param found the releases of the page, and one more when there is a next page
     */
    static ObjectNode plugin(PluginRecord plugin, ReleasePage page, List<ReleaseSummary> found) {
        ObjectNode document = plugin(plugin);
        ArrayNode list = document.putArray("releases");
        page.of(found).forEach(release -> list.add(ReleaseJson.summary(release)));
        page.nextLink(plugin.id(), found).ifPresent(next -> document.put("next", next));
        return document;
    }

    private static ObjectNode plugin(PluginRecord plugin) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("plugin", plugin.id().toString())
                        .put("namespace", plugin.id().namespace())
                        .put("name", plugin.id().name())
                        .put("latest_version", plugin.latestVersion().toString());
        plugin.title().ifPresent(value -> document.put("title", value));
        plugin.description().ifPresent(value -> document.put("description", value));
        plugin.license().ifPresent(value -> document.put("license", value));
        plugin.homepage().ifPresent(value -> document.put("homepage", value));
        plugin.categories().forEach(document.putArray("categories")::add);
        return document.put("created_at", plugin.createdAt().toString())
                .put("updated_at", plugin.updatedAt().toString())
                .put("deprecated", plugin.deprecated())
                .put("recent_downloads", plugin.recentDownloads())
                .put("downloads", plugin.downloads());
    }
}
