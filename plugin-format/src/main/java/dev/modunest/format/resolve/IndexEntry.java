package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.VersionRange;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One release as the index tells it: one JSON line of {@code GET /index/{ns}/{name}}, enough to
 * resolve and fetch.
 *
 * @param size bytes of the artifact
 * @param host the versions of the host that it runs on
 * @param publishedAt empty for a jar that comes from no registry
 */
public record IndexEntry(
        Coordinate coordinate,
        Digest digest,
        long size,
        List<Dependency> requires,
        Optional<VersionRange> host,
        ReleaseStatus status,
        Optional<Instant> publishedAt) {

    public IndexEntry {
        requires = requires instanceof RequiresJson ? requires : List.copyOf(requires);
    }

    /** Whether it is yanked and nothing worse. */
    public boolean yanked() {
        return status.state() == ReleaseStatus.State.YANKED;
    }
}
