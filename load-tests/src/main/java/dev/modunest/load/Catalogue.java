package dev.modunest.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Learns by the API of a registry what there is. */
final class Catalogue {

    private static final int PAGE = 100;

    private final RegistryClient client;

    Catalogue(RegistryClient client) {
        this.client = client;
    }

    /**
     * The artifacts of at most {@code max-size} of the first {@code max-plugins} plugins.
     *
     * @throws LoadTestException when the edge cannot be reached or there is nothing to download
     */
    static List<Artifact> artifacts(DownloadOptions options) {
        try (RegistryClient client = new RegistryClient(options.edge(), "edge")) {
            return new Catalogue(client).artifacts(options.maxPlugins(), options.maxSize());
        }
    }

    private List<Artifact> artifacts(int maxPlugins, int maxSize) {
        List<Artifact> artifacts = new ArrayList<>();
        List<PluginSummary> plugins = list("name", maxPlugins);
        for (PluginSummary plugin : plugins) {
            releases(plugin).stream()
                    .filter(artifact -> artifact.size() <= maxSize)
                    .forEach(artifacts::add);
        }
        if (artifacts.isEmpty()) {
            throw new LoadTestException(
                    "there is nothing to download from "
                            + client.base()
                            + ": it has "
                            + plugins.size()
                            + " plugins and none with an artifact of at most "
                            + maxSize
                            + " bytes; publish some first (./modunest publish), or raise"
                            + " -Dmax-size");
        }
        return artifacts;
    }

    /** At most {@code most} plugins in the order {@code sort}; at least one. */
    List<PluginSummary> plugins(String sort, int most) {
        List<PluginSummary> plugins = list(sort, most);
        if (plugins.isEmpty()) {
            throw new LoadTestException(
                    client.base() + " has no plugins; publish some first (./modunest publish)");
        }
        return plugins;
    }

    private List<PluginSummary> list(String sort, int most) {
        List<PluginSummary> plugins = new ArrayList<>();
        Optional<String> path =
                Optional.of("/api/v1/plugins?sort=" + sort + "&limit=" + Math.clamp(most, 1, PAGE));
        while (path.isPresent() && plugins.size() < most) {
            CatalogueDocuments.Page page = CatalogueDocuments.page(client.get(path.get()));
            plugins.addAll(page.plugins());
            // A page without plugins ends the list, whatever its link says.
            path = page.plugins().isEmpty() ? Optional.empty() : page.next();
        }
        return List.copyOf(plugins.subList(0, Math.min(plugins.size(), most)));
    }

    /** The versions that a plugin has, newest first. */
    List<String> versions(PluginSummary plugin) {
        return releases(plugin).stream()
                .map(release -> release.release().substring(plugin.id().length() + 1))
                .toList();
    }

    private List<Artifact> releases(PluginSummary plugin) {
        return CatalogueDocuments.releases(client.get("/api/v1/plugins/" + plugin.id()));
    }
}
