package dev.modunest.db;

import dev.modunest.db.trust.IndexedTarget;
import dev.modunest.db.trust.TakenDown;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.trust.TrustLevel;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the index says of freshness: which plugins changed, and what their documents tell. */
public final class FreshnessIndex {

    private static final Comparator<IndexedTarget.Release> BY_VERSION =
            Comparator.comparing(IndexedTarget.Release::version);

    /** As the index plugins_target has it. */
    private static final String TARGET_HASH =
            "sha256(('index/' || namespace || '/' || name || '.json')::bytea)";

    private final Handle handle;

    FreshnessIndex(Handle handle) {
        this.handle = handle;
    }

    /** One change of the index. */
    public record Changed(long serial, String kind, PluginId plugin) {}

    /**
     * What changed.
     *
     * @param newest the newest serial number before the changes were read
     */
    public record News(long newest, List<Changed> changes) {

        public News {
            changes = List.copyOf(changes);
        }

        /** Whether every change after {@code serial} is among them, up to their number. */
        public boolean continues(long serial) {
            return changes.isEmpty()
                    ? newest == serial
                    : newest >= serial && changes.getFirst().serial() == serial + 1;
        }
    }

    /** The first {@code limit} changes after {@code serial}. */
    public News after(long serial, int limit) {
        long newest =
                handle.createQuery("select value from registry_serial").mapTo(long.class).one();
        return new News(
                newest,
                handle.createQuery(
                                """
                                select serial, kind, namespace, name from outbox
                                where serial > :serial order by serial limit :limit
                                """)
                        .bind("serial", serial)
                        .bind("limit", limit)
                        .map(
                                (row, context) ->
                                        new Changed(
                                                row.getLong("serial"),
                                                row.getString("kind"),
                                                plugin(row)))
                        .list());
    }

    private static PluginId plugin(ResultSet row) throws SQLException {
        return new PluginId(row.getString("namespace"), row.getString("name"));
    }

    /**
     * A plugin in the order of the hashes of its target.
     *
     * @param hash hex
     */
    public record Placed(PluginId plugin, String hash) {}

    /** The plugins after the hash {@code after}, which is blank for the first of all. */
    public List<Placed> page(String after, int limit) {
        return handle.createQuery(
                        "select namespace, name, encode("
                                + TARGET_HASH
                                + ", 'hex') as hash from plugins where "
                                + TARGET_HASH
                                + " > decode(:after, 'hex') order by "
                                + TARGET_HASH
                                + " limit :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new Placed(plugin(row), row.getString("hash")))
                .list();
    }

    /** Of those of {@code plugins} that everybody may know and that have releases. */
    public Map<PluginId, IndexedTarget> targets(Collection<PluginId> plugins) {
        if (plugins.isEmpty()) {
            return Map.of();
        }
        List<PluginId> ids = List.copyOf(plugins);
        Map<PluginId, List<IndexedTarget.Release>> releases = releases(ids);
        Map<PluginId, IndexedTarget> targets = new HashMap<>();
        asked(
                        """
                        select p.namespace, p.name, p.trusted_publishing_only,
                               array(select distinct coalesce(t.claims->>'repository_id', t.claims->>'project_id') as id
                                     from trusted_publishers t
                                     where t.namespace = p.namespace and t.plugin = p.name
                                       and coalesce(t.claims->>'repository_id', t.claims->>'project_id') ~ '^[0-9]+$'
                                     order by id) as repositories
                        from unnest(:namespaces, :names) as wanted (namespace, name)
                        join plugins p on p.namespace = wanted.namespace and p.name = wanted.name
                        join namespaces n on n.name = p.namespace
                        where not n.private
                        """,
                        ids,
                        FreshnessIndex::described)
                .forEach(
                        described -> {
                            List<IndexedTarget.Release> own = releases.get(described.plugin());
                            if (own != null) {
                                targets.put(described.plugin(), with(described, own));
                            }
                        });
        return targets;
    }

    private static IndexedTarget with(
            IndexedTarget described, List<IndexedTarget.Release> releases) {
        releases.sort(BY_VERSION);
        return new IndexedTarget(
                described.plugin(),
                described.trustedPublishingOnly(),
                described.repositoryIds(),
                releases);
    }

    private static IndexedTarget described(ResultSet row) throws SQLException {
        return new IndexedTarget(
                plugin(row),
                row.getBoolean("trusted_publishing_only"),
                List.of((String[]) row.getArray("repositories").getArray()),
                List.of());
    }

    private record OfPlugin(PluginId plugin, IndexedTarget.Release release) {}

    private Map<PluginId, List<IndexedTarget.Release>> releases(List<PluginId> ids) {
        Map<PluginId, List<IndexedTarget.Release>> byPlugin = new HashMap<>();
        asked(
                        """
                        select p.namespace, p.name, r.version, r.digest, r.size, r.published_at, r.status, r.yanked_reason,
                               r.quarantined_reason, r.deleted_reason, r.deprecated_reason, r.deprecated_replacement,
                               coalesce((r.manifest::json->'permissions')::text, '[]') as permissions,
                               coalesce(r.trust_level,
                                        case when exists (select 1 from log_leaves l
                                                          where l.namespace = p.namespace and l.name = p.name
                                                            and l.version = r.version and l.kind = 'publisher')
                                             then 'PS_L2' else 'PS_L1' end) as level
                        from unnest(:namespaces, :names) as wanted (namespace, name)
                        join plugins p on p.namespace = wanted.namespace and p.name = wanted.name
                        cross join lateral (select * from releases where plugin_id = p.id offset 0) r
                        """,
                        ids,
                        row -> new OfPlugin(plugin(row), release(row)))
                .forEach(
                        one ->
                                byPlugin.computeIfAbsent(one.plugin(), _ -> new ArrayList<>())
                                        .add(one.release()));
        return byPlugin;
    }

    private static IndexedTarget.Release release(ResultSet row) throws SQLException {
        return new IndexedTarget.Release(
                Version.parse(row.getString("version")),
                new Digest(row.getString("digest")),
                row.getLong("size"),
                ReleaseStore.status(row),
                row.getTimestamp("published_at").toInstant(),
                TrustLevel.valueOf(row.getString("level")),
                row.getString("permissions"));
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> ResultIterable<T> asked(String sql, List<PluginId> ids, Reading<T> reading) {
        return handle.createQuery(sql)
                .bindArray(
                        "namespaces", String.class, ids.stream().map(PluginId::namespace).toList())
                .bindArray("names", String.class, ids.stream().map(PluginId::name).toList())
                .map((row, context) -> reading.read(row));
    }

    /** All releases that are quarantined or deleted, the longest so first. */
    public List<TakenDown> takenDown() {
        return handle.createQuery(
                        """
                        select p.namespace, p.name, r.version, n.private, r.digest,
                               coalesce(r.deleted_reason, r.quarantined_reason) as reason,
                               coalesce(r.deleted_at, r.quarantined_at, r.published_at) as at
                        from releases r
                        join plugins p on p.id = r.plugin_id
                        join namespaces n on n.name = p.namespace
                        where r.status in ('quarantined', 'deleted')
                        order by at, r.digest
                        """)
                .map(
                        (row, context) ->
                                new TakenDown(
                                        new Coordinate(
                                                plugin(row),
                                                Version.parse(row.getString("version"))),
                                        row.getBoolean("private"),
                                        new Digest(row.getString("digest")),
                                        row.getString("reason"),
                                        row.getTimestamp("at").toInstant()))
                .list();
    }
}
