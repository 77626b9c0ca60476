package dev.modunest.db;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A plugin as its latest release describes it. */
public record PluginRecord(
        PluginId id,
        Optional<String> title,
        Optional<String> description,
        Optional<String> license,
        Optional<String> homepage,
        List<String> categories,
        Version latestVersion,
        Instant createdAt,
        Instant updatedAt) {

    public PluginRecord {
        categories = List.copyOf(categories);
    }
}
