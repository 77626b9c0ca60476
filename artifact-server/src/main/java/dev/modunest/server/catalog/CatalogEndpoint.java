package dev.modunest.server.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.db.Facets;
import dev.modunest.db.Release;
import dev.modunest.db.SearchResult;
import dev.modunest.db.Transaction;
import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Decision;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.release.ReleaseJson;
import dev.modunest.server.token.ArtifactUrls;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Plugins and releases as JSON documents. */
public final class CatalogEndpoint {

    static final String CACHE_CONTROL = "public, max-age=5";

    private final SearchConfig config;
    private final Database database;
    private final PluginAuthService auth;
    private final ArtifactUrls urls;

    public CatalogEndpoint(
            SearchConfig config, Database database, PluginAuthService auth, ArtifactUrls urls) {
        this.config = config;
        this.database = database;
        this.auth = auth;
        this.urls = urls;
    }

    /** {@code GET /api/v1/plugins}. */
    public void search(ServerRequest request, ServerResponse response) {
        SearchPage page = readable(SearchPage.read(request.query()), request, response);
        SearchResult found = database.readStale(tx -> tx.search().search(page.query()));
        Optional<Facets> facets =
                page.facets()
                        ? Optional.of(
                                database.readStale(
                                        tx ->
                                                tx.search()
                                                        .facets(
                                                                page.query(),
                                                                config.facetMatches())))
                        : Optional.empty();
        send(request, response, CatalogDocuments.page(page, found, facets).toString());
    }

    /** Who may read a private namespace finds its plugins when they name it. */
    private SearchPage readable(SearchPage page, ServerRequest request, ServerResponse response) {
        Principal caller = Caller.of(request);
        Optional<String> namespace = page.query().namespace().filter(PluginId::isPart);
        if (namespace.isEmpty() || caller instanceof Principal.Anonymous) {
            return page;
        }
        Decision reads =
                auth.authorize(
                        caller, new Resource.OfNamespace(namespace.get()), Action.RELEASE_READ);
        boolean secret = reads.allowed() && reads.secret();
        Answers.keepPrivate(secret, response);
        return secret ? page.inSecret() : page;
    }

    /** {@code GET /api/v1/plugins/{namespace}/{name}}. */
    public void plugin(ServerRequest request, ServerResponse response) {
        PluginId id = PathCoordinates.plugin(request);
        ReleasePage page = ReleasePage.read(request.query());
        send(
                request,
                response,
                database.readStale(tx -> document(tx, id, page))
                        .orElseThrow(() -> PathCoordinates.unknownPlugin(request))
                        .toString());
    }

    private static Optional<ObjectNode> document(Transaction tx, PluginId id, ReleasePage page) {
        return tx.plugins()
                .find(id)
                .map(
                        plugin ->
                                CatalogDocuments.plugin(
                                        plugin,
                                        page,
                                        tx.releases().list(id, page.before(), page.limit() + 1)));
    }

    /** {@code GET /api/v1/plugins/{namespace}/{name}/{version}}. */
    public void release(ServerRequest request, ServerResponse response) {
        Coordinate coordinate = PathCoordinates.coordinate(request);
        Release release =
                database.readStale(tx -> tx.releases().find(coordinate))
                        .orElseThrow(() -> PathCoordinates.unknownRelease(request));
        ObjectNode document = ReleaseJson.document(release);
        if (auth.readsInPrivate(Caller.of(request), coordinate.plugin())) {
            document.put("url", urls.sign(release.digest()));
        }
        send(request, response, document.toString());
    }

    private static void send(ServerRequest request, ServerResponse response, String json) {
        response.header(HeaderNames.CACHE_CONTROL, CACHE_CONTROL);
        Answers.send(request, response, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }
}
