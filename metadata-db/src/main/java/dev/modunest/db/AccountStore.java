package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Accounts, by name. */
public final class AccountStore {

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

    /**
     * Until the transaction ends no other counts what the account has: those that keep within a
     * limit come one after the other.
     */
    public void lock(long id) {
        handle.createQuery("select id from accounts where id = :id for no key update")
                .bind("id", id)
                .mapTo(long.class)
                .one();
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

    public long count() {
        return handle.createQuery("select count(*) from accounts").mapTo(long.class).one();
    }
}
