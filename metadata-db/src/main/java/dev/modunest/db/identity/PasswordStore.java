package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/** Passwords and one-time passwords of local accounts. */
public final class PasswordStore {

    private static final String SELECT =
            """
            select id, name, disabled_at, password, totp_sealed, totp_confirmed, failed_sign_ins, last_failed_at
            from accounts where kind = 'person' and\s""";

    private final Handle handle;

    public PasswordStore(Handle handle) {
        this.handle = handle;
    }

    public Optional<PasswordFacts> find(String account) {
        return one(handle.createQuery(SELECT + "name = :name").bind("name", account));
    }

    public Optional<PasswordFacts> find(long accountId) {
        return one(handle.createQuery(SELECT + "id = :id").bind("id", accountId));
    }

    /** The same; nobody else changes it until the transaction ends. */
    public Optional<PasswordFacts> lock(long accountId) {
        return one(handle.createQuery(SELECT + "id = :id for update").bind("id", accountId));
    }

    private static Optional<PasswordFacts> one(Query query) {
        return query.map((row, context) -> facts(row)).findOne();
    }

    private static PasswordFacts facts(ResultSet row) throws SQLException {
        return new PasswordFacts(
                row.getLong("id"),
                row.getString("name"),
                row.getTimestamp("disabled_at") != null,
                Optional.ofNullable(row.getString("password")),
                Optional.ofNullable(row.getBytes("totp_sealed")),
                row.getBoolean("totp_confirmed"),
                row.getInt("failed_sign_ins"),
                Optional.ofNullable(row.getTimestamp("last_failed_at")).map(Timestamp::toInstant));
    }

    public void setPassword(long accountId, String phc) {
        handle.createUpdate(
                        "update accounts set password = :password, failed_sign_ins = 0 where id = :id")
                .bind("id", accountId)
                .bind("password", phc)
                .execute();
    }

    public void failed(long accountId, Instant now) {
        handle.createUpdate(
                        """
                        update accounts set failed_sign_ins = least(failed_sign_ins, 1000000) + 1, last_failed_at = :now
                        where id = :id
                        """)
                .bind("id", accountId)
                .bind("now", now)
                .execute();
    }

    public void succeeded(long accountId) {
        handle.createUpdate("update accounts set failed_sign_ins = 0 where id = :id")
                .bind("id", accountId)
                .execute();
    }

    /** Not asked for until it is confirmed. */
    public void setTotp(long accountId, byte[] sealed) {
        handle.createUpdate(
                        """
                        update accounts set totp_sealed = :sealed, totp_confirmed = false, totp_last_step = 0
                        where id = :id
                        """)
                .bind("id", accountId)
                .bind("sealed", sealed)
                .execute();
    }

    public void confirmTotp(long accountId) {
        handle.createUpdate("update accounts set totp_confirmed = true where id = :id")
                .bind("id", accountId)
                .execute();
    }

    public void clearTotp(long accountId) {
        handle.createUpdate(
                        "update accounts set totp_sealed = null, totp_confirmed = false where id = :id")
                .bind("id", accountId)
                .execute();
    }

    /** Whether the step is later than every one used before; it is used now (RFC 6238, 5.2). */
    public boolean useTotpStep(long accountId, long step) {
        return handle.createUpdate(
                                "update accounts set totp_last_step = :step where id = :id and totp_last_step < :step")
                        .bind("id", accountId)
                        .bind("step", step)
                        .execute()
                == 1;
    }
}
