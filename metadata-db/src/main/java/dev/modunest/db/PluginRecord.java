package dev.modunest.db;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A plugin as its newest live release describes it.
 *
 * @param updatedAt when that release was published
 * @param deprecated whether that release is
 * @param recentDownloads of the last 30 days, as the ranking job last saw them
 * @param downloads of all time, likewise
 */
public record PluginRecord(
        PluginId id,
        Optional<String> title,
        Optional<String> description,
        Optional<String> license,
        Optional<String> homepage,
        List<String> categories,
        Version latestVersion,
        Instant createdAt,
        Instant updatedAt,
        boolean deprecated,
        long recentDownloads,
        long downloads) {

    public PluginRecord {
        categories = List.copyOf(categories);
    }
}
