package dev.modunest.server.catalog;

import dev.modunest.format.PluginId;
import dev.modunest.format.http.EntityTags;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.serial.IndexedPlugin;
import dev.modunest.server.serial.ReleaseCache;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * {@code GET /index/{namespace}/{name}}: one JSON line per release, enough to resolve and fetch.
 */
public final class IndexEndpoint {

    private static final String CACHE_CONTROL =
            "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";

    private final ReleaseCache releases;

    public IndexEndpoint(ReleaseCache releases) {
        this.releases = releases;
    }

    public void get(ServerRequest request, ServerResponse response) {
        PluginId id = PathCoordinates.plugin(request);
        IndexedPlugin.Document document =
                releases.find(id)
                        .orElseThrow(() -> PathCoordinates.unknownPlugin(request))
                        .document();
        response.header(HeaderNames.ETAG, document.entityTag());
        response.header(HeaderNames.CACHE_CONTROL, CACHE_CONTROL);
        boolean known =
                request.headers()
                        .first(HeaderNames.IF_NONE_MATCH)
                        .filter(tags -> EntityTags.matchesWeakly(tags, document.entityTag()))
                        .isPresent();
        if (known) {
            response.status(Status.NOT_MODIFIED_304).send();
        } else {
            Answers.send(request, response, "application/x-ndjson", document.bytes());
        }
    }
}
