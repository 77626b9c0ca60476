package dev.modunest.server.catalog;

import dev.modunest.db.Database;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.http.EntityTags;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ResolveJson;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code GET /index/{namespace}/{name}}: one JSON line per release, enough to resolve and fetch.
 */
public final class IndexEndpoint {

    private static final String CACHE_CONTROL =
            "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";

    private final Database database;

    public IndexEndpoint(Database database) {
        this.database = database;
    }

    public void get(ServerRequest request, ServerResponse response) {
        PluginId id = PathCoordinates.plugin(request);
        Map<PluginId, List<IndexEntry>> entries =
                database.read(tx -> tx.releases().indexEntries(Set.of(id)));
        if (!entries.containsKey(id)) {
            throw CatalogEndpoint.unknown(id);
        }
        byte[] document = document(entries.get(id));
        String tag = Digest.ofBytes(document).entityTag();
        response.header(HeaderNames.ETAG, tag);
        response.header(HeaderNames.CACHE_CONTROL, CACHE_CONTROL);
        boolean known =
                request.headers()
                        .first(HeaderNames.IF_NONE_MATCH)
                        .filter(tags -> EntityTags.matchesWeakly(tags, tag))
                        .isPresent();
        if (known) {
            response.status(Status.NOT_MODIFIED_304).send();
        } else {
            Answers.send(request, response, "application/x-ndjson", document);
        }
    }

    private static byte[] document(List<IndexEntry> entries) {
        StringBuilder lines = new StringBuilder();
        for (IndexEntry entry : entries) {
            lines.append(ResolveJson.indexLine(entry)).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }
}
