package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Releases in memory that remember how they were asked for. */
final class Index implements ReleaseSource {

    private final Map<PluginId, List<IndexEntry>> releases = new HashMap<>();
    final List<Set<PluginId>> batches = new ArrayList<>();

    /** Adds a release; a dependency reads {@code ns/name range}, with a leading ? when optional. */
    Index with(String coordinate, String... requires) {
        return add(coordinate, Optional.empty(), false, requires);
    }

    Index withHost(String coordinate, String host, String... requires) {
        return add(coordinate, Optional.of(VersionRange.parse(host)), false, requires);
    }

    Index withYanked(String coordinate, String... requires) {
        return add(coordinate, Optional.empty(), true, requires);
    }

    private Index add(
            String coordinate, Optional<VersionRange> host, boolean yanked, String... requires) {
        add(entry(coordinate, host, yanked, requires));
        return this;
    }

    static IndexEntry entry(String coordinate, String... requires) {
        return entry(coordinate, Optional.empty(), false, requires);
    }

    static IndexEntry in(ReleaseStatus status, IndexEntry entry) {
        return new IndexEntry(
                entry.coordinate(),
                entry.digest(),
                entry.size(),
                entry.requires(),
                entry.host(),
                status,
                entry.publishedAt());
    }

    static IndexEntry published(IndexEntry entry, Instant at) {
        return new IndexEntry(
                entry.coordinate(),
                entry.digest(),
                entry.size(),
                entry.requires(),
                entry.host(),
                entry.status(),
                Optional.of(at));
    }

    void add(IndexEntry entry) {
        releases.computeIfAbsent(entry.coordinate().plugin(), any -> new ArrayList<>()).add(entry);
    }

    static IndexEntry entry(
            String coordinate, Optional<VersionRange> host, boolean yanked, String... requires) {
        return new IndexEntry(
                Coordinate.parse(coordinate),
                Digest.ofBytes(coordinate.getBytes(StandardCharsets.UTF_8)),
                coordinate.length(),
                Arrays.stream(requires).map(Index::dependency).toList(),
                host,
                yanked
                        ? ReleaseStatus.of(ReleaseStatus.State.YANKED, "broken")
                        : ReleaseStatus.LIVE,
                Optional.empty());
    }

    private static Dependency dependency(String text) {
        boolean optional = text.startsWith("?");
        String plain = optional ? text.substring(1) : text;
        int blank = plain.indexOf(' ');
        return new Dependency(
                PluginId.parse(plain.substring(0, blank)),
                VersionRange.parse(plain.substring(blank + 1)),
                optional);
    }

    List<IndexEntry> of(PluginId plugin) {
        return releases.getOrDefault(plugin, List.of());
    }

    @Override
    public Map<PluginId, List<IndexEntry>> releases(Set<PluginId> plugins) {
        batches.add(plugins);
        Map<PluginId, List<IndexEntry>> answer = new HashMap<>();
        for (PluginId plugin : plugins) {
            if (releases.containsKey(plugin)) {
                answer.put(plugin, of(plugin));
            }
        }
        return answer;
    }
}
