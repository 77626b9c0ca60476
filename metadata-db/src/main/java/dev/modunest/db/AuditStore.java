package dev.modunest.db;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * What was done, written in the transaction that did it; never changed, and each entry chained to
 * the one before.
 */
public final class AuditStore {

    /** The action of the entry that tells which entries retention took away. */
    static final String EXPIRED = "audit.expired";

    private static final String COLUMNS =
            """
            id, at, account_id, account, action, subject, reason, request_id, detail::text as detail,
            sequence, previous_hash, hash
            """;

    /**
     * Where an entry stands.
     *
     * @param sequence one more than that of the entry before
     */
    public record Link(long sequence, String previousHash, String hash) {}

    /**
     * An entry as it is read.
     *
     * @param id orders them
     * @param accountId of an account only
     * @param account who acted: the name of an account then, or of another {@link Actor}
     * @param detail a JSON object
     * @param link empty in an entry that was written before entries were chained
     */
    public record Kept(
            long id,
            Instant at,
            Optional<Long> accountId,
            String account,
            String action,
            String subject,
            Optional<String> reason,
            Optional<String> requestId,
            String detail,
            Optional<Link> link) {

        /** The document that is answered, exported and, without its hash, hashed. */
        public ObjectNode toJson() {
            return AuditJson.of(this);
        }
    }

    /**
     * Which entries are meant; whatever is empty does not matter.
     *
     * @param action whole, or with {@code *} at the end for all that begin so
     * @param account the name of an account, or of another actor
     * @param until the first moment that is not meant
     */
    public record Filter(
            Optional<String> subject,
            Optional<String> action,
            Optional<String> account,
            Optional<Instant> since,
            Optional<Instant> until) {

        public static final Filter ALL = ofSubject(Optional.empty());

        static Filter ofSubject(Optional<String> subject) {
            return new Filter(
                    subject,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /**
     * What the audit says of itself, all at the same time.
     *
     * @param head of {@code audit_head}; empty when it has no row, which no transaction does
     * @param last the last sequence there is, 0 without any
     * @param unchained entries from before entries were chained
     * @param strangers those among {@code unchained} that came after chained ones
     */
    record State(Optional<AuditHead> head, long last, long unchained, long strangers) {}

    /** Sequences without a gap between them; {@code from} is higher than {@code to} for none. */
    public record Range(long from, long to) {}

    private final Handle handle;
    private final List<AuditEntry> pending;

    /**
     * @param pending takes what is appended until the transaction is about to be committed
     */
    AuditStore(Handle handle, List<AuditEntry> pending) {
        this.handle = handle;
        this.pending = pending;
    }

    /**
     * Adds {@code entry} to what this transaction writes as its last act, so that others wait for
     * the end of the chain as short as can be; until then it is not found here.
     */
    public void append(AuditEntry entry) {
        if (!handle.isInTransaction()) {
            throw new IllegalStateException(entry.action() + " is audited in no transaction");
        }
        pending.add(entry);
    }

    /**
     * Writes what was appended. The table is locked before its head, as by who removes a partition
     * and tells so in the audit.
     */
    void write() {
        if (pending.isEmpty()) {
            return;
        }
        handle.execute("lock table only audit in row exclusive mode");
        AuditHead head =
                handle.createQuery("select sequence, hash from audit_head for update")
                        .map((row, context) -> head(row))
                        .one();
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (AuditEntry entry : pending) {
            ObjectNode chained = AuditJson.chained(entry, head);
            entries.add(chained);
            head = new AuditHead(head.sequence() + 1, chained.get("hash").textValue());
        }
        handle.createUpdate(
                        """
                        with head as (update audit_head set sequence = :sequence, hash = :hash)
                        insert into audit (at, account_id, account, action, subject, reason, request_id, detail,
                                           sequence, previous_hash, hash)
                        select at, account_id, account, action, subject, reason, request_id,
                               coalesce(detail, '{}'), sequence, previous_hash, hash
                        from jsonb_to_recordset(:entries::jsonb) as entry (
                            at timestamptz, account_id bigint, account text, action text, subject text, reason text,
                            request_id text, detail jsonb, sequence bigint, previous_hash text, hash text)
                        order by sequence
                        """)
                .bind("sequence", head.sequence())
                .bind("hash", head.hash())
                .bind("entries", entries.toString())
                .execute();
        pending.clear();
    }

    private static AuditHead head(ResultSet row) throws SQLException {
        return new AuditHead(row.getLong("sequence"), row.getString("hash"));
    }

    /**
     * The newest entries first.
     *
     * @param before entries with a lower id only
     */
    public List<Kept> list(Optional<String> subject, Optional<Long> before, int limit) {
        return list(Filter.ofSubject(subject), before, limit);
    }

    /**
     * The newest entries first.
     *
     * @param before entries with a lower id only
     */
    public List<Kept> list(Filter filter, Optional<Long> before, int limit) {
        StringBuilder where = new StringBuilder("id < :before");
        filter.subject().ifPresent(_ -> where.append(" and subject = :subject"));
        filter.action()
                .ifPresent(
                        action ->
                                where.append(
                                        action.endsWith("*")
                                                ? " and starts_with(action, :action)"
                                                : " and action = :action"));
        filter.account().ifPresent(_ -> where.append(" and account = :account"));
        filter.since().ifPresent(_ -> where.append(" and at >= :since"));
        filter.until().ifPresent(_ -> where.append(" and at < :until"));
        var query =
                handle.createQuery(
                                "select %s from audit where %s order by id desc limit :limit"
                                        .formatted(COLUMNS, where))
                        .bind("before", before.orElse(Long.MAX_VALUE))
                        .bind("limit", limit);
        filter.subject().ifPresent(subject -> query.bind("subject", subject));
        filter.action().ifPresent(action -> query.bind("action", withoutStar(action)));
        filter.account().ifPresent(account -> query.bind("account", account));
        bindTimes(query, filter.since(), filter.until());
        return query.map((row, context) -> kept(row)).list();
    }

    private static String withoutStar(String action) {
        return action.endsWith("*") ? action.substring(0, action.length() - 1) : action;
    }

    private static void bindTimes(
            SqlStatement<?> statement, Optional<Instant> since, Optional<Instant> until) {
        since.ifPresent(time -> statement.bind("since", time.atOffset(ZoneOffset.UTC)));
        until.ifPresent(time -> statement.bind("until", time.atOffset(ZoneOffset.UTC)));
    }

    /**
     * From the first entry of the time to the last, in the order of the chain. Those between are in
     * it too when their time is another: servers do not have the same clock.
     */
    public Range range(Optional<Instant> since, Optional<Instant> until) {
        StringBuilder where = new StringBuilder("sequence is not null");
        since.ifPresent(_ -> where.append(" and at >= :since"));
        until.ifPresent(_ -> where.append(" and at < :until"));
        var query =
                handle.createQuery(
                        "select coalesce(min(sequence), 1) as first, coalesce(max(sequence), 0) as last from audit where "
                                + where);
        bindTimes(query, since, until);
        return query.map((row, context) -> new Range(row.getLong("first"), row.getLong("last")))
                .one();
    }

    /** The first {@code limit} entries of {@code range} in the order of the chain. */
    public List<Kept> chained(Range range, int limit) {
        return page(range.from(), 0, range.to(), limit);
    }

    /**
     * Entries in the order of the chain, and of ids where several have the same sequence.
     *
     * @param from the first sequence
     * @param afterId entries of this sequence with a higher id only
     */
    List<Kept> page(long from, long afterId, long to, int limit) {
        return handle.createQuery(
                        """
                        select %s from audit
                        where sequence >= :from and (sequence > :from or id > :after) and sequence <= :to
                        order by sequence, id limit :limit
                        """
                                .formatted(COLUMNS))
                .bind("from", from)
                .bind("after", afterId)
                .bind("to", to)
                .bind("limit", limit)
                .map((row, context) -> kept(row))
                .list();
    }

    /** The newest entry that tells what retention took away: of all that it ever took. */
    Optional<Kept> newestExpiry() {
        return handle.createQuery(
                        """
                        select %s from audit
                        where action = :action and sequence is not null order by sequence desc limit 1
                        """
                                .formatted(COLUMNS))
                .bind("action", EXPIRED)
                .map((row, context) -> kept(row))
                .findOne();
    }

    State state() {
        return handle.createQuery(
                        """
                        select h.sequence, h.hash,
                               (select coalesce(max(sequence), 0) from audit) as last,
                               (select count(*) from audit where sequence is null) as unchained,
                               (select count(*) from audit where sequence is null and id > (
                                   select id from audit where sequence is not null order by sequence limit 1)
                               ) as strangers
                        from (select) one left join audit_head h on true
                        """)
                .map(
                        (row, context) ->
                                new State(
                                        row.getString("hash") == null
                                                ? Optional.empty()
                                                : Optional.of(head(row)),
                                        row.getLong("last"),
                                        row.getLong("unchained"),
                                        row.getLong("strangers")))
                .one();
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                row.getLong("id"),
                row.getTimestamp("at").toInstant(),
                optional(row, "account_id"),
                row.getString("account"),
                row.getString("action"),
                row.getString("subject"),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getString("request_id")),
                row.getString("detail"),
                link(row));
    }

    private static Optional<Long> optional(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<Link> link(ResultSet row) throws SQLException {
        long sequence = row.getLong("sequence");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(
                        new Link(sequence, row.getString("previous_hash"), row.getString("hash")));
    }
}
