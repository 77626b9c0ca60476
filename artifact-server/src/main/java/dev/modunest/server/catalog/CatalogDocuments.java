package dev.modunest.server.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.modunest.db.PluginRecord;
import dev.modunest.db.Release;
import dev.modunest.format.resolve.ResolveJson;

import java.util.List;

/** The documents of the catalogue, as {@code docs/api/openapi.yaml} gives them. */
final class CatalogDocuments {

    private CatalogDocuments() {}

    /**
     * One page.
     *
     * @param found what the query found, one more than the page holds when there is a next page
     */
    static ObjectNode page(SearchPage page, List<PluginRecord> found) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode plugins = document.putArray("plugins");
        found.stream().limit(page.limit()).forEach(plugin -> plugins.add(plugin(plugin)));
        if (found.size() > page.limit()) {
            document.put("next", page.nextLink(found.get(page.limit() - 1).id()));
        }
        return document;
    }

    static ObjectNode plugin(PluginRecord plugin, List<Release> releases) {
        ObjectNode document = plugin(plugin);
        ArrayNode list = document.putArray("releases");
        releases.forEach(release -> list.add(summary(release)));
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

    static ObjectNode release(Release release) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("coordinate", release.coordinate().toString())
                        .put("namespace", release.coordinate().plugin().namespace())
                        .put("name", release.coordinate().plugin().name());
        document.setAll(summary(release));
        document.putRawValue("manifest", new RawValue(release.manifestJson()));
        return document;
    }

    private static ObjectNode summary(Release release) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("version", release.coordinate().version().toString())
                        .put("digest", release.digest().toString())
                        .put("size", release.size())
                        .put("url", "/artifacts/sha256/" + release.digest().hex())
                        .put("published_at", release.publishedAt().toString())
                        .put("publisher", release.publisher());
        ResolveJson.putStatus(document, release.status());
        return document;
    }
}
