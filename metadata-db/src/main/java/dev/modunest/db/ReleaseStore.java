package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Releases, by coordinate. */
public final class ReleaseStore {

    private static final String SELECT =
            """
            select p.namespace, p.name, r.version, r.digest, a.size, r.manifest, r.yanked_reason,
                   c.name as publisher, r.published_at
            from plugins p
            join releases r on r.plugin_id = p.id
            join artifacts a on a.digest = r.digest
            join accounts c on c.id = r.publisher_account_id
            where p.namespace = :namespace and p.name = :name
            """;

    private final Handle handle;

    ReleaseStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Makes a release live: plugin, artifact, release and dependencies. The namespace must exist.
     *
     * @return false, and nothing changed, when the version exists
     */
    public boolean insert(NewRelease release) {
        PluginStore plugins = new PluginStore(handle);
        long pluginId = plugins.insertIfAbsent(release.manifest(), release.publishedAt());
        if (find(release.manifest().coordinate()).isPresent()) {
            return false;
        }
        insertArtifact(release);
        insertDependencies(insertRelease(release, pluginId), release.manifest().requires());
        plugins.describeBy(release.manifest(), release.publishedAt());
        return true;
    }

    private void insertArtifact(NewRelease release) {
        handle.createUpdate(
                        """
                        insert into artifacts (digest, size, created_at) values (:digest, :size, :now)
                        on conflict (digest) do nothing
                        """)
                .bind("digest", release.digest().hex())
                .bind("size", release.size())
                .bind("now", release.publishedAt())
                .execute();
    }

    private long insertRelease(NewRelease release, long pluginId) {
        return handle.createQuery(
                        """
                        insert into releases (plugin_id, version, digest, manifest, host_range,
                                              publisher_account_id, published_at)
                        values (:plugin, :version, :digest, :manifest, :host, :publisher, :now)
                        returning id
                        """)
                .bind("plugin", pluginId)
                .bind("version", release.manifest().coordinate().version().toString())
                .bind("digest", release.digest().hex())
                .bind("manifest", release.manifestJson())
                .bind("host", release.manifest().host().map(VersionRange::toString).orElse(null))
                .bind("publisher", release.publisherAccountId())
                .bind("now", release.publishedAt())
                .mapTo(long.class)
                .one();
    }

    private void insertDependencies(long releaseId, List<Dependency> dependencies) {
        if (dependencies.isEmpty()) {
            return;
        }
        PreparedBatch batch =
                handle.prepareBatch(
                        """
                        insert into dependencies (release_id, position, namespace, name, version_range, optional)
                        values (:release, :position, :namespace, :name, :range, :optional)
                        """);
        for (int position = 0; position < dependencies.size(); position++) {
            Dependency dependency = dependencies.get(position);
            batch.bind("release", releaseId)
                    .bind("position", position)
                    .bind("namespace", dependency.plugin().namespace())
                    .bind("name", dependency.plugin().name())
                    .bind("range", dependency.range().toString())
                    .bind("optional", dependency.optional())
                    .add();
        }
        batch.execute();
    }

    public Optional<Release> find(Coordinate coordinate) {
        return handle.createQuery(SELECT + " and r.version = :version")
                .bind("namespace", coordinate.plugin().namespace())
                .bind("name", coordinate.plugin().name())
                .bind("version", coordinate.version().toString())
                .map((row, context) -> release(row))
                .findOne();
    }

    /** Newest version first. */
    public List<Release> list(PluginId plugin) {
        List<Release> releases =
                new ArrayList<>(
                        handle.createQuery(SELECT)
                                .bind("namespace", plugin.namespace())
                                .bind("name", plugin.name())
                                .map((row, context) -> release(row))
                                .list());
        releases.sort(Comparator.comparing(Release::coordinate).reversed());
        return releases;
    }

    /**
     * What the index tells of each of {@code plugins}, lowest version first; unknown plugins are
     * left out.
     */
    public Map<PluginId, List<IndexEntry>> indexEntries(Set<PluginId> plugins) {
        if (plugins.isEmpty()) {
            return Map.of();
        }
        List<PluginId> ids = List.copyOf(plugins);
        List<IndexRow> rows = indexRows(ids);
        // After the releases: a release that is visible there has its dependencies visible here.
        Map<Long, List<Dependency>> dependencies = dependencies(ids);
        Map<PluginId, List<IndexEntry>> entries = new HashMap<>();
        for (IndexRow row : rows) {
            entries.computeIfAbsent(row.coordinate().plugin(), id -> new ArrayList<>())
                    .add(row.entry(dependencies.getOrDefault(row.releaseId(), List.of())));
        }
        entries.values().forEach(list -> list.sort(Comparator.comparing(IndexEntry::coordinate)));
        return entries;
    }

    private record IndexRow(
            long releaseId,
            Coordinate coordinate,
            Digest digest,
            long size,
            Optional<VersionRange> host,
            boolean yanked) {

        IndexEntry entry(List<Dependency> requires) {
            return new IndexEntry(coordinate, digest, size, requires, host, yanked);
        }
    }

    private List<IndexRow> indexRows(List<PluginId> ids) {
        return bindIds(
                        handle.createQuery(
                                """
                                select r.id, p.namespace, p.name, r.version, r.digest, a.size, r.host_range,
                                       r.yanked_reason is not null as yanked
                                from unnest(:namespaces, :names) as wanted (namespace, name)
                                join plugins p on p.namespace = wanted.namespace and p.name = wanted.name
                                join releases r on r.plugin_id = p.id
                                join artifacts a on a.digest = r.digest
                                """),
                        ids)
                .map(
                        (row, context) ->
                                new IndexRow(
                                        row.getLong("id"),
                                        coordinate(row),
                                        new Digest(row.getString("digest")),
                                        row.getLong("size"),
                                        Optional.ofNullable(row.getString("host_range"))
                                                .map(VersionRange::parse),
                                        row.getBoolean("yanked")))
                .list();
    }

    /** By the id of the release, in the order of the manifest. */
    private Map<Long, List<Dependency>> dependencies(List<PluginId> ids) {
        Map<Long, List<Dependency>> dependencies = new HashMap<>();
        bindIds(
                        handle.createQuery(
                                """
                                select d.release_id, d.namespace, d.name, d.version_range, d.optional
                                from unnest(:namespaces, :names) as wanted (namespace, name)
                                join plugins p on p.namespace = wanted.namespace and p.name = wanted.name
                                join releases r on r.plugin_id = p.id
                                join dependencies d on d.release_id = r.id
                                order by d.release_id, d.position
                                """),
                        ids)
                .map((row, context) -> Map.entry(row.getLong("release_id"), dependency(row)))
                .forEach(
                        entry ->
                                dependencies
                                        .computeIfAbsent(entry.getKey(), id -> new ArrayList<>())
                                        .add(entry.getValue()));
        return dependencies;
    }

    private static Query bindIds(Query query, List<PluginId> ids) {
        return query.bindArray(
                        "namespaces", String.class, ids.stream().map(PluginId::namespace).toList())
                .bindArray("names", String.class, ids.stream().map(PluginId::name).toList());
    }

    private static Dependency dependency(ResultSet row) throws SQLException {
        return new Dependency(
                new PluginId(row.getString("namespace"), row.getString("name")),
                VersionRange.parse(row.getString("version_range")),
                row.getBoolean("optional"));
    }

    private static Release release(ResultSet row) throws SQLException {
        return new Release(
                coordinate(row),
                new Digest(row.getString("digest")),
                row.getLong("size"),
                row.getString("manifest"),
                Optional.ofNullable(row.getString("yanked_reason")),
                row.getString("publisher"),
                row.getTimestamp("published_at").toInstant());
    }

    private static Coordinate coordinate(ResultSet row) throws SQLException {
        return new Coordinate(
                new PluginId(row.getString("namespace"), row.getString("name")),
                Version.parse(row.getString("version")));
    }
}
