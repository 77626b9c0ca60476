package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;

/** Which objects the index expects in the storage. */
public final class InventoryStore {

    private static final String SELECT =
            """
            select p.namespace, p.name, r.version, r.digest, r.size, r.deleted_at
            from releases r
            join plugins p on p.id = r.plugin_id
            """;

    private final Handle handle;

    InventoryStore(Handle handle) {
        this.handle = handle;
    }

    /** The first {@code limit} releases after {@code digest} in the order of digests. */
    public List<IndexedBytes> page(Optional<Digest> after, int limit) {
        return handle.createQuery(SELECT + "where r.digest > :after order by r.digest limit :limit")
                .bind("after", after.map(Digest::hex).orElse(""))
                .bind("limit", limit)
                .map((row, context) -> bytes(row))
                .list();
    }

    /** The release of these bytes, whatever its state. */
    public Optional<IndexedBytes> find(Digest digest) {
        return handle.createQuery(SELECT + "where r.digest = :digest")
                .bind("digest", digest.hex())
                .map((row, context) -> bytes(row))
                .findOne();
    }

    public long count() {
        return handle.createQuery("select count(*) from releases").mapTo(long.class).one();
    }

    /** Whether a publish that is not over needs the staging object of that key. */
    public boolean isStaged(String stagingKey) {
        return handle.createQuery(
                        """
                        select exists (select 1 from publishes
                                       where staging_key = :key and state not in ('live', 'refused'))
                        """)
                .bind("key", stagingKey)
                .mapTo(boolean.class)
                .one();
    }

    /**
     * Lets nobody else who asks for it, to the end of the transaction: taken by who removes an
     * artifact without a release, and by who makes the release of an artifact that was there
     * before. The latter looks once more whether it still is.
     */
    public void lock(Digest digest) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended(:digest, 0))")
                .bind("digest", digest.hex())
                .mapTo(String.class)
                .findOne();
    }

    private static IndexedBytes bytes(ResultSet row) throws SQLException {
        return new IndexedBytes(
                new Coordinate(
                        new PluginId(row.getString("namespace"), row.getString("name")),
                        Version.parse(row.getString("version"))),
                new Digest(row.getString("digest")),
                row.getLong("size"),
                Optional.ofNullable(row.getTimestamp("deleted_at")).map(Timestamp::toInstant));
    }
}
