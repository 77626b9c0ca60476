package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.ResolveJson;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The index entries of many plugins in one statement. A resolution reads tens of thousands of rows
 * this way: columns are read by number, versions are ordered here and not by the server.
 */
final class IndexQuery {

    private static final Comparator<IndexEntry> BY_VERSION =
            (one, other) -> one.coordinate().version().compareTo(other.coordinate().version());

    /** Lateral, so that each plugin is two index look-ups however wrong the estimates are. */
    private static final String SQL =
            """
            select wanted.place, r.version, r.digest, r.size, r.requires, r.host_range,
                   (extract(epoch from r.published_at) * 1000000)::bigint, r.status,
                   case r.status when 'yanked' then r.yanked_reason when 'quarantined' then r.quarantined_reason
                                 when 'deleted' then r.deleted_reason end,
                   r.deprecated_reason, r.deprecated_replacement
            from unnest(:namespaces, :names) with ordinality as wanted (namespace, name, place)
            join plugins p on p.namespace = wanted.namespace and p.name = wanted.name
            cross join lateral (select * from releases where plugin_id = p.id offset 0) r
            """;

    private final Handle handle;

    IndexQuery(Handle handle) {
        this.handle = handle;
    }

    /** By plugin, lowest version first. */
    Map<PluginId, List<IndexEntry>> read(Set<PluginId> plugins) {
        if (plugins.isEmpty()) {
            return Map.of();
        }
        List<PluginId> ids = List.copyOf(plugins);
        List<List<IndexEntry>> byPlace = new ArrayList<>(ids.size());
        ids.forEach(id -> byPlace.add(new ArrayList<>()));
        handle.createQuery(SQL)
                .bindArray(
                        "namespaces", String.class, ids.stream().map(PluginId::namespace).toList())
                .bindArray("names", String.class, ids.stream().map(PluginId::name).toList())
                .scanResultSet(
                        (rows, context) -> {
                            try (context) {
                                ResultSet row = rows.get();
                                while (row.next()) {
                                    int place = row.getInt(1) - 1;
                                    byPlace.get(place).add(entry(ids.get(place), row));
                                }
                            }
                            return byPlace;
                        });
        Map<PluginId, List<IndexEntry>> entries = new HashMap<>();
        for (int place = 0; place < ids.size(); place++) {
            List<IndexEntry> releases = byPlace.get(place);
            if (!releases.isEmpty()) {
                releases.sort(BY_VERSION);
                entries.put(ids.get(place), releases);
            }
        }
        return entries;
    }

    private static IndexEntry entry(PluginId plugin, ResultSet row) throws SQLException {
        return new IndexEntry(
                new Coordinate(plugin, Version.parse(row.getString(2))),
                new Digest(row.getString(3)),
                row.getLong(4),
                ResolveJson.readRequires(row.getString(5)),
                Optional.ofNullable(row.getString(6)).map(VersionRange::parse),
                status(row),
                Optional.of(instant(row.getLong(7))));
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }

    private static ReleaseStatus status(ResultSet row) throws SQLException {
        String state = row.getString(8);
        @Nullable String advice = row.getString(10);
        if (state.equals("live") && advice == null) {
            return ReleaseStatus.LIVE;
        }
        Optional<PluginId> replacement =
                Optional.ofNullable(row.getString(11)).map(PluginId::parse);
        return new ReleaseStatus(
                ReleaseStatus.State.valueOf(state.toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.getString(9)),
                Optional.ofNullable(advice)
                        .map(reason -> new ReleaseStatus.Deprecation(reason, replacement)));
    }
}
