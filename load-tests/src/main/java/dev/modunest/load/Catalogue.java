package dev.modunest.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the registry, through the edge, what there is to download. */
final class Catalogue {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long MAX_DOCUMENT_BYTES = 8 << 20;
    private static final int OK = 200;

    private final LoadOptions options;
    private final HttpClient client;

    private Catalogue(LoadOptions options, HttpClient client) {
        this.options = options;
        this.client = client;
    }

    /**
     * The artifacts of at most {@code max-size} of the first {@code max-plugins} plugins.
     *
     * @throws LoadTestException when the edge cannot be reached or there is nothing to download
     */
    static List<Artifact> fetch(LoadOptions options) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            return new Catalogue(options, client).artifacts();
        }
    }

    private List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>();
        List<String> plugins = plugins();
        for (String plugin : plugins) {
            CatalogueDocuments.releases(get("/api/v1/plugins/" + plugin)).stream()
                    .filter(artifact -> artifact.size() <= options.maxSize())
                    .forEach(artifacts::add);
        }
        if (artifacts.isEmpty()) {
            throw new LoadTestException(
                    "there is nothing to download from "
                            + options.edge()
                            + ": it has "
                            + plugins.size()
                            + " plugins and none with an artifact of at most "
                            + options.maxSize()
                            + " bytes; publish some first (./modunest publish), or raise"
                            + " -Dmax-size");
        }
        return artifacts;
    }

    private List<String> plugins() {
        List<String> plugins = new ArrayList<>();
        Optional<String> path = Optional.of("/api/v1/plugins?limit=100");
        while (path.isPresent() && plugins.size() < options.maxPlugins()) {
            CatalogueDocuments.Page page = CatalogueDocuments.page(get(path.get()));
            plugins.addAll(page.plugins());
            // A page without plugins ends the list, whatever its link says.
            path = page.plugins().isEmpty() ? Optional.empty() : page.next();
        }
        return plugins.subList(0, Math.min(plugins.size(), options.maxPlugins()));
    }

    private String get(String path) {
        URI uri = options.edge().resolve(path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
        try {
            HttpResponse<String> response =
                    client.send(
                            request,
                            BodyHandlers.limiting(BodyHandlers.ofString(), MAX_DOCUMENT_BYTES));
            if (response.statusCode() != OK) {
                throw new LoadTestException(uri + " answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException unreachable) {
            throw new LoadTestException(
                    "no edge answers at "
                            + options.edge()
                            + ": start one with ./modunest up, or name another with -Dedge=URL");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LoadTestException("interrupted while asking " + uri);
        }
    }
}
