package dev.modunest.db.trust;

import dev.modunest.db.trust.LogShard.TreeHead;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.log.Hash;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The leaves of the transparency log, and how far its writer has come. What is appended gets its
 * index as the last act of its transaction, so that indexes have no gap and nobody waits long for
 * the next.
 */
public final class LogStore {

    /** What servers hear when leaves wait for the writer. */
    public static final String APPENDED = "leaves";

    /** What servers hear when there is a new checkpoint. */
    public static final String PUBLISHED = "checkpoint";

    private static final String SHARDS =
            "select name, origin, size, signed_size, signed_root, published_size, checkpoint from log_shards";

    private final Handle handle;
    private final String channel;
    private final List<Pending> pending;

    private record Pending(String shard, NewLeaf leaf) {}

    /** What a transaction is about to append. */
    public static final class Appended {
        private final List<Pending> leaves = new ArrayList<>();
    }

    /**
     * @param channel on which servers are told
     * @param appended takes what is appended until the transaction is about to be committed
     */
    public LogStore(Handle handle, String channel, Appended appended) {
        this.handle = handle;
        this.channel = channel;
        this.pending = appended.leaves;
    }

    /**
     * Makes the shard with its first leaf, unless it is there.
     *
     * @throws IllegalStateException when it is there with another origin
     */
    public void open(String shard, String origin, NewLeaf genesis) {
        int made =
                handle.createUpdate(
                                """
                                insert into log_shards (name, origin, signed_root) values (:name, :origin, :root)
                                on conflict (name) do nothing
                                """)
                        .bind("name", shard)
                        .bind("origin", origin)
                        .bind("root", Hash.empty().base64())
                        .execute();
        if (made == 1) {
            append(shard, genesis);
            return;
        }
        String present = get(shard).origin();
        if (!present.equals(origin)) {
            throw new IllegalStateException(
                    "the log "
                            + shard
                            + " is "
                            + present
                            + " in this index and "
                            + origin
                            + " in the trust directory: they belong to different registries");
        }
    }

    /** Adds {@code leaf} to what this transaction appends when it ends. */
    public void append(String shard, NewLeaf leaf) {
        if (!handle.isInTransaction()) {
            throw new IllegalStateException("a leaf is appended in no transaction");
        }
        if (pending.stream().anyMatch(before -> !before.shard().equals(shard))) {
            throw new IllegalStateException("a transaction appends to one shard of the log");
        }
        pending.add(new Pending(shard, leaf));
    }

    /** Writes what was appended; the last act of a transaction. */
    public void write() {
        if (pending.isEmpty()) {
            return;
        }
        String shard = pending.getFirst().shard();
        long end =
                handle.createQuery(
                                "update log_shards set size = size + :count where name = :shard returning size")
                        .bind("count", pending.size())
                        .bind("shard", shard)
                        .mapTo(long.class)
                        .one();
        PreparedBatch insert =
                handle.prepareBatch(
                        """
                        insert into log_leaves (shard, leaf_index, kind, entry, bundle, payload_digest, namespace, name,
                                                version, created_at)
                        values (:shard, :index, :kind, :entry, :bundle, :payload, :namespace, :name, :version, :at)
                        """);
        long index = end - pending.size();
        for (Pending one : pending) {
            NewLeaf leaf = one.leaf();
            Optional<Coordinate> release = leaf.release();
            leaf.takes(index);
            insert.bind("shard", one.shard())
                    .bind("index", index)
                    .bind("kind", leaf.kind().text())
                    .bind("entry", leaf.entry())
                    .bind("bundle", leaf.bundle())
                    .bind("payload", leaf.payload().hex())
                    .bind("namespace", release.map(of -> of.plugin().namespace()).orElse(null))
                    .bind("name", release.map(of -> of.plugin().name()).orElse(null))
                    .bind("version", release.map(of -> of.version().toString()).orElse(null))
                    .bind("at", leaf.at())
                    .add();
            index++;
        }
        insert.execute();
        tell(APPENDED);
        pending.clear();
    }

    /** All of them, by name. */
    public List<LogShard> shards() {
        return handle.createQuery(SHARDS + " order by name")
                .map((row, context) -> shard(row))
                .list();
    }

    /** How far the log has come. */
    public Optional<LogShard> find(String shard) {
        return handle.createQuery(SHARDS + " where name = :shard")
                .bind("shard", shard)
                .map((row, context) -> shard(row))
                .findOne();
    }

    /** The same of a log that was opened. */
    public LogShard get(String shard) {
        return find(shard)
                .orElseThrow(() -> new IllegalStateException("the log " + shard + " is not open"));
    }

    private static LogShard shard(ResultSet row) throws SQLException {
        return new LogShard(
                row.getString("name"),
                row.getString("origin"),
                row.getLong("size"),
                new TreeHead(row.getLong("signed_size"), row.getString("signed_root")),
                row.getLong("published_size"),
                Optional.ofNullable(row.getString("checkpoint")));
    }

    /** Leaves from {@code start} on, at most {@code limit}. */
    public List<Leaf> leaves(String shard, long start, int limit) {
        return handle.createQuery(
                        """
                        select leaf_index, kind, entry, bundle, payload_digest, namespace, name, version, created_at
                        from log_leaves where shard = :shard and leaf_index >= :start order by leaf_index limit :limit
                        """)
                .bind("shard", shard)
                .bind("start", start)
                .bind("limit", limit)
                .map((row, context) -> leaf(row))
                .list();
    }

    private static Leaf leaf(ResultSet row) throws SQLException {
        Optional<String> version = Optional.ofNullable(row.getString("version"));
        Optional<Coordinate> release =
                version.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Coordinate(
                                        new PluginId(
                                                row.getString("namespace"), row.getString("name")),
                                        Version.parse(version.get())));
        return new Leaf(
                row.getLong("leaf_index"),
                new NewLeaf(
                        LeafKind.of(row.getString("kind")),
                        row.getBytes("entry"),
                        row.getString("bundle"),
                        new Digest(row.getString("payload_digest")),
                        release,
                        row.getTimestamp("created_at").toInstant()));
    }

    /** Of which releases statements with that payload are in the log; empty for none. */
    public Optional<Leaf> findPayload(Digest payload) {
        return handle.createQuery(
                        """
                        select leaf_index, kind, entry, bundle, payload_digest, namespace, name, version, created_at
                        from log_leaves where payload_digest = :payload order by leaf_index limit 1
                        """)
                .bind("payload", payload.hex())
                .map((row, context) -> leaf(row))
                .findOne();
    }

    /** Makes the caller the writer; whoever was it before cannot write any more. */
    public long takeOver(String shard) {
        return handle.createQuery(
                        "update log_shards set fence = fence + 1 where name = :shard returning fence")
                .bind("shard", shard)
                .mapTo(long.class)
                .one();
    }

    /**
     * Notes that {@code head} will be signed; false when another writer took over, or when a tree
     * of that size or a larger one was signed with another root.
     */
    public boolean sign(String shard, long fence, TreeHead head) {
        return handle.createUpdate(
                                """
                                update log_shards set signed_size = :size, signed_root = :root
                                where name = :shard and fence = :fence
                                  and (signed_size < :size or (signed_size = :size and signed_root = :root))
                                """)
                        .bind("shard", shard)
                        .bind("fence", fence)
                        .bind("size", head.size())
                        .bind("root", head.root())
                        .execute()
                == 1;
    }

    /**
     * Shows the checkpoint over the tree that was noted last; false when another writer took over.
     *
     * @param checkpoint with its signatures
     */
    public boolean publish(String shard, long fence, String checkpoint) {
        boolean published =
                handle.createUpdate(
                                        """
                                        update log_shards set published_size = signed_size, checkpoint = :checkpoint
                                        where name = :shard and fence = :fence
                                        """)
                                .bind("shard", shard)
                                .bind("fence", fence)
                                .bind("checkpoint", checkpoint)
                                .execute()
                        == 1;
        if (published) {
            tell(PUBLISHED);
        }
        return published;
    }

    private void tell(String what) {
        handle.createQuery("select pg_notify(:channel, :what)")
                .bind("channel", channel)
                .bind("what", what)
                .mapTo(String.class)
                .one();
    }
}
