package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What was granted on namespaces and their plugins. */
public final class GrantStore {

    private static final String SELECT =
            """
            select g.id, g.role, g.actions, g.namespace, g.plugin, g.created_at, g.expires_at, by.name as granted_by,
                   case when g.account_id is not null then 'account' when g.team_id is not null then 'team'
                        when g.organization_id is not null then 'organization' else 'host' end as kind,
                   coalesce(a.name, team_of.name || '/' || t.name, o.name, g.host_id::text) as given_to
            from grants g
            join accounts by on by.id = g.granted_by
            left join accounts a on a.id = g.account_id
            left join teams t on t.id = g.team_id
            left join organizations team_of on team_of.id = t.organization_id
            left join organizations o on o.id = g.organization_id
            """;

    private final Handle handle;

    public GrantStore(Handle handle) {
        this.handle = handle;
    }

    public long insert(NewGrant grant) {
        @Nullable Long account = null;
        @Nullable Long team = null;
        @Nullable Long organization = null;
        @Nullable UUID host = null;
        switch (grant.to()) {
            case GrantHolder.ToAccount(long id) -> account = id;
            case GrantHolder.ToTeam(long id) -> team = id;
            case GrantHolder.ToOrganization(long id) -> organization = id;
            case GrantHolder.ToHost(UUID id) -> host = id;
        }
        return handle.createQuery(
                        """
                        insert into grants (account_id, team_id, organization_id, host_id, role, actions, namespace, plugin,
                                            granted_by, created_at, expires_at)
                        values (:account, :team, :organization, :host::uuid, :role, :actions, :namespace, :plugin,
                                :by, :now, :expires)
                        returning id
                        """)
                .bind("account", account)
                .bind("team", team)
                .bind("organization", organization)
                .bind("host", host)
                .bind("role", grant.role().orElse(null))
                .bindArray("actions", String.class, grant.actions())
                .bind("namespace", grant.namespace())
                .bind("plugin", grant.plugin().orElse(null))
                .bind("by", grant.grantedBy())
                .bind("now", grant.createdAt())
                .bind("expires", grant.expiresAt().orElse(null))
                .mapTo(long.class)
                .one();
    }

    /** Of the namespace and its plugins, those that hold at {@code now}, the oldest first. */
    public List<GrantRecord> list(String namespace, Instant now) {
        return handle.createQuery(
                        SELECT
                                + """
                                where g.namespace = :namespace and (g.expires_at is null or g.expires_at > :now)
                                order by g.id
                                """)
                .bind("namespace", namespace)
                .bind("now", now)
                .map((row, context) -> grant(row))
                .list();
    }

    /** To the team, those that hold at {@code now}. */
    public List<GrantRecord> ofTeam(long team, Instant now) {
        return handle.createQuery(
                        SELECT
                                + """
                                where g.team_id = :team and (g.expires_at is null or g.expires_at > :now)
                                order by g.id
                                """)
                .bind("team", team)
                .bind("now", now)
                .map((row, context) -> grant(row))
                .list();
    }

    public Optional<GrantRecord> find(String namespace, long id) {
        return handle.createQuery(SELECT + " where g.namespace = :namespace and g.id = :id")
                .bind("namespace", namespace)
                .bind("id", id)
                .map((row, context) -> grant(row))
                .findOne();
    }

    public void delete(long id) {
        handle.createUpdate("delete from grants where id = :id").bind("id", id).execute();
    }

    /** Drops those of the namespace that have expired at {@code now}; how many are left. */
    public long dropExpired(String namespace, Instant now) {
        handle.createUpdate(
                        "delete from grants where namespace = :namespace and expires_at <= :now")
                .bind("namespace", namespace)
                .bind("now", now)
                .execute();
        return handle.createQuery("select count(*) from grants where namespace = :namespace")
                .bind("namespace", namespace)
                .mapTo(long.class)
                .one();
    }

    /** Drops all that was granted on the namespace, and whom it trusts to publish. */
    public void dropAll(String namespace) {
        handle.createUpdate("delete from trusted_publishers where namespace = :namespace")
                .bind("namespace", namespace)
                .execute();
        handle.createUpdate("delete from grants where namespace = :namespace")
                .bind("namespace", namespace)
                .execute();
    }

    private static GrantRecord grant(ResultSet row) throws SQLException {
        return new GrantRecord(
                row.getLong("id"),
                row.getString("kind"),
                row.getString("given_to"),
                Optional.ofNullable(row.getString("role")),
                Arrays.asList((String[]) row.getArray("actions").getArray()),
                row.getString("namespace"),
                Optional.ofNullable(row.getString("plugin")),
                row.getString("granted_by"),
                row.getTimestamp("created_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("expires_at")).map(Timestamp::toInstant));
    }
}
