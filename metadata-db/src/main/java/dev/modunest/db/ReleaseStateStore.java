package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.ReleaseStatus;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was decided about releases, and what follows from it for their bytes. */
public final class ReleaseStateStore {

    private final Handle handle;

    ReleaseStateStore(Handle handle) {
        this.handle = handle;
    }

    /** The state of the release; it and its plugin are locked until the transaction ends. */
    public Optional<ReleaseState> lock(Coordinate coordinate) {
        return handle.createQuery(
                        """
                        select r.digest, r.published_at, r.yanked_reason, r.deprecated_reason, r.deprecated_replacement,
                               r.quarantined_reason, r.deleted_reason, r.deleted_at
                        from plugins p join releases r on r.plugin_id = p.id
                        where p.namespace = :namespace and p.name = :name and r.version = :version
                        for update
                        """)
                .bind("namespace", coordinate.plugin().namespace())
                .bind("name", coordinate.plugin().name())
                .bind("version", coordinate.version().toString())
                .map((row, context) -> state(coordinate, row))
                .findOne();
    }

    private static ReleaseState state(Coordinate coordinate, ResultSet row) throws SQLException {
        Optional<PluginId> replacement =
                Optional.ofNullable(row.getString("deprecated_replacement")).map(PluginId::parse);
        Optional<String> deleted = Optional.ofNullable(row.getString("deleted_reason"));
        return new ReleaseState(
                coordinate,
                new Digest(row.getString("digest")),
                row.getTimestamp("published_at").toInstant(),
                Optional.ofNullable(row.getString("yanked_reason")),
                Optional.ofNullable(row.getString("deprecated_reason"))
                        .map(advice -> new ReleaseStatus.Deprecation(advice, replacement)),
                Optional.ofNullable(row.getString("quarantined_reason")),
                deleted.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new ReleaseState.Deletion(
                                        deleted.get(),
                                        row.getTimestamp("deleted_at").toInstant())));
    }

    /** Writes the state of a locked release as of {@code now}; the digest tells which it is. */
    public void save(ReleaseState state, Instant now) {
        handle.createUpdate(
                        """
                        update releases
                        set yanked_reason = :yanked, deprecated_reason = :deprecated, deprecated_replacement = :replacement,
                            quarantined_reason = :quarantined,
                            quarantined_at = case when :quarantined::text is not null then coalesce(quarantined_at, :now) end,
                            deleted_reason = :deleted, deleted_at = :deleted_at
                        where digest = :digest
                        """)
                .bind("yanked", state.yanked().orElse(null))
                .bind(
                        "deprecated",
                        state.deprecated().map(ReleaseStatus.Deprecation::reason).orElse(null))
                .bind(
                        "replacement",
                        state.deprecated()
                                .flatMap(ReleaseStatus.Deprecation::replacement)
                                .map(PluginId::toString)
                                .orElse(null))
                .bind("quarantined", state.quarantined().orElse(null))
                .bind("now", now)
                .bind("deleted", state.deleted().map(ReleaseState.Deletion::reason).orElse(null))
                .bind("deleted_at", state.deleted().map(ReleaseState.Deletion::at).orElse(null))
                .bind("digest", state.digest().hex())
                .execute();
    }

    /** A release of another plugin, not deleted, that requires any release of {@code plugin}. */
    public Optional<Coordinate> findDependent(PluginId plugin) {
        return handle.createQuery(
                        """
                        select p.namespace || '/' || p.name || '@' || r.version
                        from dependencies d
                        join releases r on r.id = d.release_id
                        join plugins p on p.id = r.plugin_id
                        where d.namespace = :namespace and d.name = :name and r.status <> 'deleted'
                          and (p.namespace, p.name) <> (:namespace, :name)
                        limit 1
                        """)
                .bind("namespace", plugin.namespace())
                .bind("name", plugin.name())
                .mapTo(String.class)
                .findOne()
                .map(Coordinate::parse);
    }

    /** Artifacts of releases deleted before {@code before} whose bytes are not known to be gone. */
    public List<Digest> listBytesToRemove(Instant before, int limit) {
        return handle.createQuery(
                        """
                        select digest from releases
                        where deleted_at is not null and bytes_removed_at is null and deleted_at <= :before
                        order by deleted_at limit :limit
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> new Digest(row.getString("digest")))
                .list();
    }

    public void markBytesRemoved(Digest digest, Instant now) {
        handle.createUpdate(
                        "update releases set bytes_removed_at = :now where digest = :digest and deleted_at is not null")
                .bind("digest", digest.hex())
                .bind("now", now)
                .execute();
    }
}
