package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Teams of organisations. */
public final class TeamStore {

    private static final String SELECT =
            """
            select t.id, t.name, t.created_at, (select count(*) from team_members m where m.team_id = t.id) as members
            from teams t where t.organization_id = :organization
            """;

    private final Handle handle;

    public TeamStore(Handle handle) {
        this.handle = handle;
    }

    /** By name. */
    public List<Team> list(long organization) {
        return handle.createQuery(SELECT + " order by t.name")
                .bind("organization", organization)
                .map((row, context) -> team(row))
                .list();
    }

    public Optional<Team> find(long organization, String name) {
        return handle.createQuery(SELECT + " and t.name = :name")
                .bind("organization", organization)
                .bind("name", name)
                .map((row, context) -> team(row))
                .findOne();
    }

    public Team insert(long organization, String name, Instant now) {
        long id =
                handle.createQuery(
                                """
                                insert into teams (organization_id, name, created_at) values (:organization, :name, :now)
                                returning id
                                """)
                        .bind("organization", organization)
                        .bind("name", name)
                        .bind("now", now)
                        .mapTo(long.class)
                        .one();
        return new Team(id, name, now, 0);
    }

    /** With what was granted to it. */
    public void delete(long team) {
        handle.createUpdate("delete from teams where id = :team").bind("team", team).execute();
    }

    /** By name. */
    public List<Member> members(long team) {
        return handle.createQuery(
                        """
                        select a.id, a.name, o.role, m.added_at
                        from team_members m
                        join teams t on t.id = m.team_id
                        join accounts a on a.id = m.account_id
                        join organization_members o on o.organization_id = t.organization_id and o.account_id = a.id
                        where m.team_id = :team
                        order by a.name
                        """)
                .bind("team", team)
                .map((row, context) -> OrganizationStore.member(row))
                .list();
    }

    public void putMember(long team, long account, Instant now) {
        handle.createUpdate(
                        """
                        insert into team_members (team_id, account_id, added_at) values (:team, :account, :now)
                        on conflict (team_id, account_id) do nothing
                        """)
                .bind("team", team)
                .bind("account", account)
                .bind("now", now)
                .execute();
    }

    /** Whether the account was in the team. */
    public boolean removeMember(long team, long account) {
        return handle.createUpdate(
                                "delete from team_members where team_id = :team and account_id = :account")
                        .bind("team", team)
                        .bind("account", account)
                        .execute()
                == 1;
    }

    private static Team team(ResultSet row) throws SQLException {
        return new Team(
                row.getLong("id"),
                row.getString("name"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("members"));
    }
}
