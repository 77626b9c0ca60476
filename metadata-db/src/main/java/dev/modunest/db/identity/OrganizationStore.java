package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Organisations and their members. */
public final class OrganizationStore {

    private static final String COLUMNS = "o.id, o.name, o.display_name, o.created_at";

    private final Handle handle;

    public OrganizationStore(Handle handle) {
        this.handle = handle;
    }

    /** Empty when the name is taken. */
    public Optional<Organization> insert(String name, Optional<String> displayName, Instant now) {
        return handle.createQuery(
                        """
                        insert into organizations (name, display_name, created_at) values (:name, :display, :now)
                        on conflict (name) do nothing
                        returning id
                        """)
                .bind("name", name)
                .bind("display", displayName.orElse(null))
                .bind("now", now)
                .mapTo(long.class)
                .findOne()
                .map(id -> new Organization(id, name, displayName, now));
    }

    public Optional<Organization> find(String name) {
        return handle.createQuery("select " + COLUMNS + " from organizations o where name = :name")
                .bind("name", name)
                .map((row, context) -> organization(row))
                .findOne();
    }

    /** The same; until the transaction ends no other changes who is in it. */
    public Optional<Organization> lock(String name) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + " from organizations o where name = :name for no key update")
                .bind("name", name)
                .map((row, context) -> organization(row))
                .findOne();
    }

    /** An organisation and what an account is in it. */
    public record Membership(Organization organization, String role) {}

    /** Those that the account is in, by name. */
    public List<Membership> ofAccount(long accountId) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + """
                                , m.role
                                from organization_members m join organizations o on o.id = m.organization_id
                                where m.account_id = :account
                                order by o.name
                                """)
                .bind("account", accountId)
                .map((row, context) -> new Membership(organization(row), row.getString("role")))
                .list();
    }

    /** By name. */
    public List<Member> members(long organization) {
        return handle.createQuery(
                        """
                        select a.id, a.name, m.role, m.added_at
                        from organization_members m join accounts a on a.id = m.account_id
                        where m.organization_id = :organization
                        order by a.name
                        """)
                .bind("organization", organization)
                .map((row, context) -> member(row))
                .list();
    }

    public long countMembers(long organization) {
        return handle.createQuery(
                        "select count(*) from organization_members where organization_id = :organization")
                .bind("organization", organization)
                .mapTo(long.class)
                .one();
    }

    public long countOwners(long organization) {
        return handle.createQuery(
                        "select count(*) from organization_members where organization_id = :organization and role = 'owner'")
                .bind("organization", organization)
                .mapTo(long.class)
                .one();
    }

    /** What the account is in the organisation. */
    public Optional<String> findRole(long organization, long account) {
        return handle.createQuery(
                        """
                        select role from organization_members
                        where organization_id = :organization and account_id = :account
                        """)
                .bind("organization", organization)
                .bind("account", account)
                .mapTo(String.class)
                .findOne();
    }

    /** Takes the account in, or gives it another role. */
    public void putMember(long organization, long account, String role, Instant now) {
        handle.createUpdate(
                        """
                        insert into organization_members (organization_id, account_id, role, added_at)
                        values (:organization, :account, :role, :now)
                        on conflict (organization_id, account_id) do update set role = excluded.role
                        """)
                .bind("organization", organization)
                .bind("account", account)
                .bind("role", role)
                .bind("now", now)
                .execute();
    }

    /** Takes the account out of the organisation and of its teams; whether it was in it. */
    public boolean removeMember(long organization, long account) {
        handle.createUpdate(
                        """
                        delete from team_members m using teams t
                        where t.id = m.team_id and t.organization_id = :organization and m.account_id = :account
                        """)
                .bind("organization", organization)
                .bind("account", account)
                .execute();
        return handle.createUpdate(
                                """
                                delete from organization_members
                                where organization_id = :organization and account_id = :account
                                """)
                        .bind("organization", organization)
                        .bind("account", account)
                        .execute()
                == 1;
    }

    private static Organization organization(ResultSet row) throws SQLException {
        return new Organization(
                row.getLong("id"),
                row.getString("name"),
                Optional.ofNullable(row.getString("display_name")),
                row.getTimestamp("created_at").toInstant());
    }

    static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getLong("id"),
                row.getString("name"),
                row.getString("role"),
                row.getTimestamp("added_at").toInstant());
    }
}
