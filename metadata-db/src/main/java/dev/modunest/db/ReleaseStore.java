package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.ResolveJson;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Releases, by coordinate. */
public final class ReleaseStore {

    /** Of the sparse index, in bytes. */
    private static final int LINE_WITHOUT_REQUIRES = 300;

    private static final String COLUMNS =
            """
            p.namespace, p.name, r.version, r.digest, r.size, r.status, r.yanked_reason, r.quarantined_reason,
            r.deleted_reason, r.deprecated_reason, r.deprecated_replacement, c.name as publisher, r.published_at
            """;

    private static final String FROM =
            """
            from plugins p
            join releases r on r.plugin_id = p.id
            join accounts c on c.id = r.publisher_account_id
            where p.namespace = :namespace and p.name = :name
            """;

    private final Handle handle;

    ReleaseStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Makes a release live: plugin, release and dependencies. The namespace must exist.
     *
     * @return false, and nothing changed, when the version exists
     */
    public boolean insert(NewRelease release) {
        PluginStore plugins = new PluginStore(handle);
        long pluginId =
                plugins.insertIfAbsent(release.manifest().coordinate(), release.publishedAt());
        if (find(release.manifest().coordinate()).isPresent()) {
            return false;
        }
        insertDependencies(insertRelease(release, pluginId), release.manifest().requires());
        plugins.refresh(release.manifest().coordinate().plugin(), release.publishedAt());
        return true;
    }

    private long insertRelease(NewRelease release, long pluginId) {
        return handle.createQuery(
                        """
                        insert into releases (plugin_id, version, digest, size, manifest, requires, host_range,
                                              publisher_account_id, published_at, trust_level)
                        values (:plugin, :version, :digest, :size, :manifest, :requires, :host, :publisher, :now,
                                :level)
                        returning id
                        """)
                .bind("plugin", pluginId)
                .bind("version", release.manifest().coordinate().version().toString())
                .bind("digest", release.digest().hex())
                .bind("size", release.size())
                .bind("manifest", release.manifestJson())
                .bind("requires", ResolveJson.requires(release.manifest().requires()))
                .bind("host", release.manifest().host().map(VersionRange::toString).orElse(null))
                .bind("publisher", release.publisherAccountId())
                .bind("now", release.publishedAt())
                .bind("level", release.level().name())
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
        return handle.createQuery(
                        "select " + COLUMNS + ", r.manifest " + FROM + " and r.version = :version")
                .bind("namespace", coordinate.plugin().namespace())
                .bind("name", coordinate.plugin().name())
                .bind("version", coordinate.version().toString())
                .map((row, context) -> release(row))
                .findOne();
    }

    /**
     * Newest version first.
     *
     * @param before only versions below it
     */
    public List<ReleaseSummary> list(PluginId plugin, Optional<Version> before, int limit) {
        String below = before.isPresent() ? " and r.version_order < version_order(:before)" : "";
        Query query =
                handle.createQuery(
                                "select "
                                        + COLUMNS
                                        + FROM
                                        + below
                                        + " order by r.version_order desc limit :limit")
                        .bind("namespace", plugin.namespace())
                        .bind("name", plugin.name())
                        .bind("limit", limit);
        before.ifPresent(version -> query.bind("before", version.toString()));
        return query.map((row, context) -> summary(row)).list();
    }

    /**
     * Bytes that the plugin has in the index, about: a line of the sparse index for each release.
     */
    public long indexBytes(PluginId plugin) {
        return handle.createQuery(
                        """
                        select coalesce(sum(octet_length(r.requires) + :line), 0)
                        from plugins p
                        join releases r on r.plugin_id = p.id
                        where p.namespace = :namespace and p.name = :name
                        """)
                .bind("line", LINE_WITHOUT_REQUIRES)
                .bind("namespace", plugin.namespace())
                .bind("name", plugin.name())
                .mapTo(long.class)
                .one();
    }

    /**
     * What the index tells of each of {@code plugins}, lowest version first; unknown plugins are
     * left out.
     */
    public Map<PluginId, List<IndexEntry>> indexEntries(Set<PluginId> plugins) {
        return new IndexQuery(handle).read(plugins);
    }

    static ReleaseStatus status(ResultSet row) throws SQLException {
        ReleaseStatus.State state =
                ReleaseStatus.State.valueOf(row.getString("status").toUpperCase(Locale.ROOT));
        @Nullable String reason =
                switch (state) {
                    case LIVE -> null;
                    case YANKED -> row.getString("yanked_reason");
                    case QUARANTINED -> row.getString("quarantined_reason");
                    case DELETED -> row.getString("deleted_reason");
                };
        Optional<PluginId> replacement =
                Optional.ofNullable(row.getString("deprecated_replacement")).map(PluginId::parse);
        return new ReleaseStatus(
                state,
                Optional.ofNullable(reason),
                Optional.ofNullable(row.getString("deprecated_reason"))
                        .map(advice -> new ReleaseStatus.Deprecation(advice, replacement)));
    }

    private static Release release(ResultSet row) throws SQLException {
        return new Release(
                coordinate(row),
                new Digest(row.getString("digest")),
                row.getLong("size"),
                row.getString("manifest"),
                status(row),
                row.getString("publisher"),
                row.getTimestamp("published_at").toInstant());
    }

    private static ReleaseSummary summary(ResultSet row) throws SQLException {
        return new ReleaseSummary(
                coordinate(row),
                new Digest(row.getString("digest")),
                row.getLong("size"),
                status(row),
                row.getString("publisher"),
                row.getTimestamp("published_at").toInstant());
    }

    private static Coordinate coordinate(ResultSet row) throws SQLException {
        return new Coordinate(
                new PluginId(row.getString("namespace"), row.getString("name")),
                Version.parse(row.getString("version")));
    }
}
