package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.Optional;

/** API tokens, known by the SHA-256 of their text in hex. */
public final class TokenStore {

    private final Handle handle;

    TokenStore(Handle handle) {
        this.handle = handle;
    }

    public void insert(long accountId, String sha256Hex, String label, Instant now) {
        handle.createUpdate(
                        """
                        insert into tokens (account_id, sha256, label, created_at)
                        values (:account, :sha256, :label, :now)
                        """)
                .bind("account", accountId)
                .bind("sha256", sha256Hex)
                .bind("label", label)
                .bind("now", now)
                .execute();
    }

    public Optional<Account> findAccount(String sha256Hex) {
        return handle.createQuery(
                        """
                        select a.id, a.name, a.administrator
                        from tokens t join accounts a on a.id = t.account_id
                        where t.sha256 = :sha256
                        """)
                .bind("sha256", sha256Hex)
                .map(
                        (row, context) ->
                                new Account(
                                        row.getLong("id"),
                                        row.getString("name"),
                                        row.getBoolean("administrator")))
                .findOne();
    }
}
