package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The facts by which access is decided. */
public final class AccessStore {

    /** What servers hear when a fact that they may remember has changed. */
    public static final String CHANGED = "access";

    private static final String GRANT_COLUMNS =
            "g.id, g.role, g.actions, g.namespace, g.plugin, g.expires_at, ";

    private final Handle handle;

    public AccessStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Has every server forget what it remembers of access once this transaction is committed:
     * belongs into each that takes a right away, or gives one.
     */
    public void changed(String channel) {
        handle.createQuery("select pg_notify(:channel, :payload)")
                .bind("channel", channel)
                .bind("payload", CHANGED)
                .mapTo(String.class)
                .one();
    }

    public Optional<NamespaceFacts> findNamespace(String name) {
        return handle.createQuery(
                        """
                        select n.owner_account_id, n.owner_organization_id, n.private, coalesce(a.name, o.name) as owner
                        from namespaces n
                        left join accounts a on a.id = n.owner_account_id
                        left join organizations o on o.id = n.owner_organization_id
                        where n.name = :name
                        """)
                .bind("name", name)
                .map(
                        (row, context) ->
                                new NamespaceFacts(
                                        name,
                                        number(row, "owner_account_id"),
                                        number(row, "owner_organization_id"),
                                        row.getString("owner"),
                                        row.getBoolean("private")))
                .findOne();
    }

    /** Grants that have not expired at {@code now} and all memberships. */
    public SubjectFacts ofAccount(long accountId, Instant now) {
        List<MembershipFacts> memberships =
                handle.createQuery(
                                """
                                select m.organization_id, o.name, m.role
                                from organization_members m join organizations o on o.id = m.organization_id
                                where m.account_id = :account
                                """)
                        .bind("account", accountId)
                        .map(
                                (row, context) ->
                                        new MembershipFacts(
                                                row.getLong("organization_id"),
                                                row.getString("name"),
                                                row.getString("role")))
                        .list();
        List<GrantFacts> grants =
                grants(
                        handle.createQuery(
                                        "select "
                                                + GRANT_COLUMNS
                                                + """
                                                'account ' || a.name as given_to
                                                from grants g join accounts a on a.id = g.account_id
                                                where g.account_id = :account and (g.expires_at is null or g.expires_at > :now)
                                                union all select
                                                """
                                                + GRANT_COLUMNS
                                                + """
                                                'team ' || o.name || '/' || t.name
                                                from team_members m
                                                join teams t on t.id = m.team_id
                                                join organizations o on o.id = t.organization_id
                                                join organization_members member
                                                    on member.organization_id = o.id and member.account_id = m.account_id
                                                join grants g on g.team_id = t.id
                                                where m.account_id = :account and (g.expires_at is null or g.expires_at > :now)
                                                union all select
                                                """
                                                + GRANT_COLUMNS
                                                + """
                                                'organization ' || o.name
                                                from organization_members m
                                                join organizations o on o.id = m.organization_id
                                                join grants g on g.organization_id = o.id
                                                where m.account_id = :account and (g.expires_at is null or g.expires_at > :now)
                                                order by id
                                                """)
                                .bind("account", accountId)
                                .bind("now", now));
        return new SubjectFacts(memberships, grants);
    }

    /** A host that is not revoked. */
    public Optional<HostFacts> findHost(UUID id) {
        return handle.createQuery(
                        "select name, patterns from hosts where id = :id and revoked_at is null")
                .bind("id", id)
                .map(
                        (row, context) ->
                                new HostFacts(
                                        id, row.getString("name"), texts(row.getArray("patterns"))))
                .findOne();
    }

    /** Grants to the host and to the organisation that it belongs to, and that membership. */
    public SubjectFacts ofHost(UUID host, Instant now) {
        List<MembershipFacts> memberships =
                handle.createQuery(
                                """
                                select o.id, o.name
                                from hosts h join organizations o on o.id = h.organization_id where h.id = :host
                                """)
                        .bind("host", host)
                        .map(
                                (row, context) ->
                                        new MembershipFacts(
                                                row.getLong("id"), row.getString("name"), "host"))
                        .list();
        List<GrantFacts> grants =
                grants(
                        handle.createQuery(
                                        "select "
                                                + GRANT_COLUMNS
                                                + """
                                                'host ' || h.name as given_to
                                                from hosts h
                                                join grants g on g.host_id = h.id or g.organization_id = h.organization_id
                                                where h.id = :host and (g.expires_at is null or g.expires_at > :now)
                                                order by g.id
                                                """)
                                .bind("host", host)
                                .bind("now", now));
        return new SubjectFacts(memberships, grants);
    }

    private static List<GrantFacts> grants(Query query) {
        return query.map(
                        (row, context) ->
                                new GrantFacts(
                                        row.getLong("id"),
                                        row.getString("given_to"),
                                        Optional.ofNullable(row.getString("role")),
                                        texts(row.getArray("actions")),
                                        row.getString("namespace"),
                                        Optional.ofNullable(row.getString("plugin")),
                                        Optional.ofNullable(row.getTimestamp("expires_at"))
                                                .map(java.sql.Timestamp::toInstant)))
                .list();
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }

    private static Optional<Long> number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
