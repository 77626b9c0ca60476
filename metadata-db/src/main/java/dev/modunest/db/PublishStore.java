package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Publishes that were answered before they were over, or are over. Who works on one holds a lease,
 * measured by the clock of Postgres, which all servers share.
 */
public final class PublishStore {

    /** What is told on the channel of the outbox when publishes were given up. */
    static final String FREE = "publishes";

    private static final String UNFINISHED = " state not in ('live', 'refused') ";

    private static final String SELECT =
            """
            select p.id, p.account_id, a.name as account, a.administrator, p.namespace, p.name, p.version, p.state,
                   p.digest, p.size, p.problem::text as problem, p.position, p.expected_at, p.created_at, p.updated_at,
                   p.request_id, p.bundle_digest, p.further_bundles
            from publishes p join accounts a on a.id = p.account_id
            """;

    private final Handle handle;

    PublishStore(Handle handle) {
        this.handle = handle;
    }

    /** Begins a publish on which this server works, its bytes under {@code stagingKey}. */
    public void insert(PublishRecord publish, String stagingKey, Duration lease) {
        insertion(
                        publish,
                        """
                        insert into publishes (id, account_id, namespace, name, version, state, digest, size,
                                               created_at, updated_at, request_id, bundle_digest, further_bundles, staging_key, lease_until,
                                               position, expected_at)
                        values (:id, :account, :namespace, :name, :version, :state, :digest, :size,
                                :created, :updated, :request, :bundle, :further, :staging, now() + :lease * interval '1 ms',
                                :position, :expected)
                        """)
                .bind("staging", stagingKey)
                .bind("lease", lease.toMillis())
                .bind("position", position(publish))
                .bind("expected", publish.expectedAt().orElse(null))
                .execute();
    }

    private static @Nullable Integer position(PublishRecord publish) {
        return publish.position().isPresent() ? publish.position().getAsInt() : null;
    }

    /** Notes a publish that was refused before anybody was told of it. */
    public void insertRefused(PublishRecord publish, String problemJson) {
        insertion(
                        publish.at(PublishState.REFUSED, OptionalInt.empty(), Optional.empty()),
                        """
                        insert into publishes (id, account_id, namespace, name, version, state, digest, size,
                                               created_at, updated_at, request_id, bundle_digest, further_bundles, problem)
                        values (:id, :account, :namespace, :name, :version, :state, :digest, :size,
                                :created, :updated, :request, :bundle, :further, :problem::jsonb)
                        """)
                .bind("problem", problemJson)
                .execute();
    }

    /** Notes a publish that went live before anybody was told of it. */
    public void insertLive(PublishRecord publish) {
        insertion(
                        publish,
                        """
                        insert into publishes (id, account_id, namespace, name, version, state, digest, size,
                                               created_at, updated_at, request_id, bundle_digest, further_bundles)
                        values (:id, :account, :namespace, :name, :version, :state, :digest, :size,
                                :created, :updated, :request, :bundle, :further)
                        """)
                .execute();
    }

    private Update insertion(PublishRecord publish, String sql) {
        PluginId plugin = publish.coordinate().plugin();
        return handle.createUpdate(sql)
                .bind("id", publish.id())
                .bind("account", publish.account().id())
                .bind("namespace", plugin.namespace())
                .bind("name", plugin.name())
                .bind("version", publish.coordinate().version().toString())
                .bind("state", publish.state().key())
                .bind("digest", publish.digest().map(Digest::hex).orElse(null))
                .bind("size", publish.size().orElse(null))
                .bind("created", publish.createdAt())
                .bind("updated", publish.updatedAt())
                .bind("request", publish.requestId().orElse(null))
                .bind(
                        "bundle",
                        publish.bundles().stream().findFirst().map(Digest::hex).orElse(null))
                .bindArray(
                        "further",
                        String.class,
                        publish.bundles().stream().skip(1).map(Digest::hex).toList());
    }

    /**
     * Locks the publish to the end of the transaction; false when it is over, so that of two
     * servers that work on it one makes it live.
     */
    public boolean lockUnfinished(UUID id) {
        return handle.createQuery(
                        "select 1 from publishes where id = :id and" + UNFINISHED + "for update")
                .bind("id", id)
                .mapTo(int.class)
                .findOne()
                .isPresent();
    }

    /** Ends an unfinished publish as live. */
    public void finishLive(UUID id, Digest digest, long size, Instant now) {
        handle.createUpdate(
                        """
                        update publishes
                        set state = 'live', digest = :digest, size = :size, staging_key = null, lease_until = null,
                            position = null, expected_at = null, updated_at = :now
                        where id = :id
                        """)
                .bind("id", id)
                .bind("digest", digest.hex())
                .bind("size", size)
                .bind("now", now)
                .execute();
    }

    /** Ends an unfinished publish as refused; without effect when it is over. */
    public void finishRefused(UUID id, String problemJson, Instant now) {
        handle.createUpdate(
                        """
                        update publishes
                        set state = 'refused', problem = :problem::jsonb, staging_key = null, lease_until = null,
                            position = null, expected_at = null, updated_at = :now
                        where id = :id and
                        """
                                + UNFINISHED)
                .bind("id", id)
                .bind("problem", problemJson)
                .bind("now", now)
                .execute();
    }

    /** Extends the leases of {@code working} and tells others how far they are. */
    public void extend(List<PublishRecord> working, Duration lease, Instant now) {
        PreparedBatch batch =
                handle.prepareBatch(
                        """
                        update publishes
                        set lease_until = now() + :lease * interval '1 ms', state = :state, position = :position,
                            expected_at = :expected, updated_at = :now
                        where id = :id and
                        """
                                + UNFINISHED);
        for (PublishRecord publish : working) {
            batch.bind("id", publish.id())
                    .bind("lease", lease.toMillis())
                    .bind("state", publish.state().key())
                    .bind("position", position(publish))
                    .bind("expected", publish.expectedAt().orElse(null))
                    .bind("now", now)
                    .add();
        }
        if (!working.isEmpty()) {
            batch.execute();
        }
    }

    /** Gives the leases up and tells every server, so that any may go on at once. */
    public void giveUpLeases(List<UUID> ids) {
        handle.createUpdate(
                        "update publishes set lease_until = null where id = any (:ids) and"
                                + UNFINISHED)
                .bindArray("ids", UUID.class, ids)
                .execute();
        handle.createQuery("select pg_notify(:channel, :free)")
                .bind("channel", OutboxStore.CHANNEL)
                .bind("free", FREE)
                .mapTo(String.class)
                .findOne();
    }

    /** Takes up to {@code limit} publishes that nobody works on, the oldest first. */
    public List<PublishRecord> takeUp(int limit, Duration lease) {
        List<UUID> taken =
                handle.createQuery(
                                """
                                update publishes set lease_until = now() + :lease * interval '1 ms', state = 'received',
                                       position = null, expected_at = null
                                where id = any (array(
                                    select id from publishes
                                    where state not in ('live', 'refused') and (lease_until is null or lease_until < now())
                                    order by created_at limit :limit for update skip locked))
                                returning id
                                """)
                        .bind("lease", lease.toMillis())
                        .bind("limit", limit)
                        .mapTo(UUID.class)
                        .list();
        return taken.isEmpty()
                ? List.of()
                : handle.createQuery(SELECT + "where p.id = any (:ids) order by p.created_at")
                        .bindArray("ids", UUID.class, taken)
                        .map((row, context) -> publish(row))
                        .list();
    }

    public Optional<PublishRecord> find(UUID id) {
        return handle.createQuery(SELECT + "where p.id = :id")
                .bind("id", id)
                .map((row, context) -> publish(row))
                .findOne();
    }

    /**
     * Those of an account, latest first.
     *
     * @param after the last of the page before
     */
    public List<PublishRecord> list(long accountId, int limit, Optional<PublishRecord> after) {
        @Nullable UUID last = after.map(PublishRecord::id).orElse(null);
        return handle.createQuery(
                        SELECT
                                + """
                                where p.account_id = :account
                                  and (:last::uuid is null or (p.created_at, p.id) < (:last_created, :last::uuid))
                                order by p.created_at desc, p.id desc
                                limit :limit
                                """)
                .bind("account", accountId)
                .bind("last", last)
                .bind("last_created", after.map(PublishRecord::createdAt).orElse(Instant.EPOCH))
                .bind("limit", limit)
                .map((row, context) -> publish(row))
                .list();
    }

    /** Those of {@code stagingKeys} that an unfinished publish needs. */
    public Set<String> needed(List<String> stagingKeys) {
        return handle.createQuery(
                        "select staging_key from publishes where staging_key = any (:keys) and"
                                + UNFINISHED)
                .bindArray("keys", String.class, stagingKeys)
                .mapTo(String.class)
                .set();
    }

    /** Deletes up to {@code limit} publishes that were over before then; how many there were. */
    public int deleteOverBefore(Instant before, int limit) {
        return handle.createUpdate(
                        """
                        delete from publishes where id = any (array(
                            select id from publishes where state in ('live', 'refused') and updated_at < :before
                            limit :limit))
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .execute();
    }

    private static PublishRecord publish(ResultSet row) throws SQLException {
        int position = row.getInt("position");
        OptionalInt told = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(position);
        long size = row.getLong("size");
        Optional<Long> bytes = row.wasNull() ? Optional.empty() : Optional.of(size);
        return new PublishRecord(
                row.getObject("id", UUID.class),
                new Account(
                        row.getLong("account_id"),
                        row.getString("account"),
                        row.getBoolean("administrator")),
                new Coordinate(
                        new PluginId(row.getString("namespace"), row.getString("name")),
                        Version.parse(row.getString("version"))),
                PublishState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.getString("digest")).map(Digest::new),
                bytes,
                Optional.ofNullable(row.getString("problem")),
                told,
                Optional.ofNullable(row.getTimestamp("expected_at")).map(at -> at.toInstant()),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                Optional.ofNullable(row.getString("request_id")),
                bundles(row));
    }

    private static List<Digest> bundles(ResultSet row) throws SQLException {
        return Stream.concat(
                        Stream.ofNullable(row.getString("bundle_digest")),
                        Stream.of((String[]) row.getArray("further_bundles").getArray()))
                .map(Digest::new)
                .toList();
    }
}
