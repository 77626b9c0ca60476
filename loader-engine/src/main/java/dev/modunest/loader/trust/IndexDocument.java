package dev.modunest.loader.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.StrictJson;
import dev.modunest.format.Version;
import dev.modunest.format.trust.NamespaceOwner;
import dev.modunest.format.trust.json.JsonFields;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The target {@code index/<namespace>/<name>.json}: who may sign a plugin, and its releases.
 *
 * @param publishingRequired whether a CI job of {@code repositoryIds} must sign
 */
record IndexDocument(
        Set<String> identities,
        boolean publishingRequired,
        Set<String> repositoryIds,
        Map<Version, Release> releases) {

    /** One release. */
    record Release(Digest digest, Status status, Optional<String> reason, Instant published) {}

    /** What became of it. */
    enum Status {
        LIVE,
        YANKED,
        QUARANTINED,
        DELETED;

        static Status parse(String word) {
            return switch (word) {
                case "live" -> LIVE;
                case "yanked" -> YANKED;
                case "quarantined" -> QUARANTINED;
                case "deleted" -> DELETED;
                default -> throw new IllegalArgumentException("no release is '" + word + "'");
            };
        }

        boolean isTakenDown() {
            return this == QUARANTINED || this == DELETED;
        }
    }

    IndexDocument {
        identities = Set.copyOf(identities);
        repositoryIds = Set.copyOf(repositoryIds);
        releases = Map.copyOf(releases);
    }

    /**
     * Reads the document of {@code plugin}.
     *
     * @throws IllegalArgumentException when it is none
     */
    static IndexDocument parse(PluginId plugin, byte[] utf8) {
        JsonFields json = JsonFields.parse(utf8, "index");
        if (json.object().path("index_version").asInt(0) != 1) {
            throw json.fault("index_version", "is not 1");
        }
        json.require("plugin", plugin.toString());
        Optional<JsonFields> publishing = json.objectIf("trusted_publishing");
        Map<Version, Release> releases = new HashMap<>();
        for (JsonFields release : json.objects("releases")) {
            Version version = Version.parse(release.text("version"));
            if (releases.put(version, release(release)) != null) {
                throw json.fault("releases", "has a version twice");
            }
        }
        return new IndexDocument(
                Set.copyOf(json.texts("identities")),
                publishing
                        .map(field -> field.object().path("required").asBoolean(false))
                        .orElse(false),
                Set.copyOf(
                        publishing.map(field -> field.texts("repository_ids")).orElse(List.of())),
                releases);
    }

    private static Release release(JsonFields json) {
        return new Release(
                Digest.parse(json.text("digest")),
                Status.parse(json.text("status")),
                StrictJson.text(json.object(), "reason"),
                json.time("published_at"));
    }

    NamespaceOwner owner(PluginId plugin) {
        return new NamespaceOwner(plugin.namespace(), identities, repositoryIds);
    }
}
