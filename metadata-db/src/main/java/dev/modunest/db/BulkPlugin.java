package dev.modunest.db;

import dev.modunest.format.PluginId;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A plugin with all its releases for {@link BulkStore}.
 *
 * @param releases at least one
 * @param earlierDownloads on days that are folded
 */
public record BulkPlugin(
        PluginId id, Instant createdAt, List<BulkRelease> releases, long earlierDownloads) {

    /** A stable release before a pre-release, as {@link PluginStore#refresh} has it. */
    private static final Comparator<BulkRelease> BY_RANK =
            Comparator.comparing(
                            (BulkRelease release) ->
                                    !release.entry().coordinate().version().isPrerelease())
                    .thenComparing(release -> release.entry().coordinate().version());

    public BulkPlugin {
        releases = List.copyOf(releases);
        if (releases.isEmpty()) {
            throw new IllegalArgumentException(id + " has no release");
        }
    }

    /** The release that describes the plugin; empty when none is live. */
    Optional<BulkRelease> newest() {
        return releases.stream().filter(BulkRelease::isLive).max(BY_RANK);
    }
}
