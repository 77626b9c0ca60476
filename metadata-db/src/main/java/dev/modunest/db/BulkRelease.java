package dev.modunest.db;

import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;

import java.time.LocalDate;
import java.util.Map;

/**
 * A release for {@link BulkStore}.
 *
 * @param entry with a time of publication
 * @param manifestJson the manifest as it stands in the archive
 * @param downloads by day (UTC)
 */
public record BulkRelease(IndexEntry entry, String manifestJson, Map<LocalDate, Long> downloads) {

    public BulkRelease {
        downloads = Map.copyOf(downloads);
        if (entry.publishedAt().isEmpty()) {
            throw new IllegalArgumentException(entry.coordinate() + " has no time of publication");
        }
    }

    boolean isLive() {
        return entry.status().state() == ReleaseStatus.State.LIVE;
    }
}
