package dev.modunest.db.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.trust.TrustLevel;

import java.time.Instant;
import java.util.List;

/**
 * What a plugin's document in freshness tells.
 *
 * @param trustedPublishingOnly whether releases come from trusted CI jobs alone
 * @param repositoryIds numbers of the repositories whose jobs are trusted, where the CI has such
 * @param releases lowest version first
 */
public record IndexedTarget(
        PluginId plugin,
        boolean trustedPublishingOnly,
        List<String> repositoryIds,
        List<Release> releases) {

    public IndexedTarget {
        repositoryIds = List.copyOf(repositoryIds);
        releases = List.copyOf(releases);
    }

    /**
     * One of its releases.
     *
     * @param level what the registry found when it checked it
     * @param permissions of the manifest, a JSON list
     */
    public record Release(
            Version version,
            Digest digest,
            long size,
            ReleaseStatus status,
            Instant publishedAt,
            TrustLevel level,
            String permissions) {}
}
