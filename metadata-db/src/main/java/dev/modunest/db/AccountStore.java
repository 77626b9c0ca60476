package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Accounts, by name. */
public final class AccountStore {

    private static final String RECORD =
            "id, name, administrator, kind, display_name, disabled_at, created_at";

    private final Handle handle;

    AccountStore(Handle handle) {
        this.handle = handle;
    }

    /** Empty when the name is taken. */
    public Optional<Account> insert(String name, boolean administrator, Instant now) {
        return handle.createQuery(
                        """
                        insert into accounts (name, administrator, created_at) values (:name, :administrator, :now)
                        on conflict (name) do nothing
                        returning id
                        """)
                .bind("name", name)
                .bind("administrator", administrator)
                .bind("now", now)
                .mapTo(long.class)
                .findOne()
                .map(id -> new Account(id, name, administrator));
    }

    /** The account of a trusted publisher; its name is not taken. */
    public Account insertMachine(String name, String displayName, Instant now) {
        long id =
                handle.createQuery(
                                """
                                insert into accounts (name, administrator, kind, display_name, created_at)
                                values (:name, false, 'machine', :display, :now)
                                returning id
                                """)
                        .bind("name", name)
                        .bind("display", displayName)
                        .bind("now", now)
                        .mapTo(long.class)
                        .one();
        return new Account(id, name, false);
    }

    /** Whether it is the account of a trusted publisher. */
    public boolean isMachine(long id) {
        return handle.createQuery(
                        "select exists (select 1 from accounts where id = :id and kind = 'machine')")
                .bind("id", id)
                .mapTo(boolean.class)
                .one();
    }

    public Optional<Account> find(String name) {
        return handle.createQuery(
                        "select id, name, administrator from accounts where name = :name and disabled_at is null")
                .bind("name", name)
                .map((row, context) -> account(row))
                .findOne();
    }

    public Optional<Account> find(long id) {
        return handle.createQuery(
                        "select id, name, administrator from accounts where id = :id and disabled_at is null")
                .bind("id", id)
                .map((row, context) -> account(row))
                .findOne();
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getLong("id"), row.getString("name"), row.getBoolean("administrator"));
    }

    public boolean hasAdministrator() {
        return handle.createQuery("select exists (select 1 from accounts where administrator)")
                .mapTo(boolean.class)
                .one();
    }

    /** Also one that is disabled. */
    public Optional<AccountRecord> findRecord(String name) {
        return handle.createQuery("select " + RECORD + " from accounts where name = :name")
                .bind("name", name)
                .map((row, context) -> accountRecord(row))
                .findOne();
    }

    /** In the order of their names, those after {@code after}. */
    public List<AccountRecord> list(String after, int limit) {
        return handle.createQuery(
                        "select "
                                + RECORD
                                + " from accounts where name > :after order by name limit :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> accountRecord(row))
                .list();
    }

    private static AccountRecord accountRecord(ResultSet row) throws SQLException {
        return new AccountRecord(
                account(row),
                row.getString("kind"),
                Optional.ofNullable(row.getString("display_name")),
                Optional.ofNullable(row.getTimestamp("disabled_at")).map(Timestamp::toInstant),
                row.getTimestamp("created_at").toInstant());
    }

    public void setDisplayName(long id, String displayName) {
        handle.createUpdate("update accounts set display_name = :name where id = :id")
                .bind("id", id)
                .bind("name", displayName)
                .execute();
    }

    /** Disabled accounts act no more; what they published stays. */
    public void setDisabled(long id, boolean disabled, Instant now) {
        handle.createUpdate(
                        "update accounts set disabled_at = case when :disabled then :now::timestamptz end where id = :id")
                .bind("id", id)
                .bind("disabled", disabled)
                .bind("now", now)
                .execute();
    }

    public void setAdministrator(long id, boolean administrator) {
        handle.createUpdate("update accounts set administrator = :administrator where id = :id")
                .bind("id", id)
                .bind("administrator", administrator)
                .execute();
    }

    /** How many administrators can act; the rows are locked, so that the last one stays one. */
    public int lockAdministrators() {
        return handle.createQuery(
                        "select id from accounts where administrator and disabled_at is null order by id for update")
                .mapTo(Long.class)
                .list()
                .size();
    }

    public long count() {
        return handle.createQuery("select count(*) from accounts").mapTo(long.class).one();
    }
}
