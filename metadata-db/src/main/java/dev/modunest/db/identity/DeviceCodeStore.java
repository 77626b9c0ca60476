package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Codes of devices that wait to be signed in. */
public final class DeviceCodeStore {

    private static final String COLUMNS =
            "user_code, client, scopes, state, account_id, authenticated_at, method, last_polled_at, expires_at";

    private final Handle handle;

    public DeviceCodeStore(Handle handle) {
        this.handle = handle;
    }

    /** Whether the user code is not in use. */
    public boolean insert(
            String sha256,
            String userCode,
            String client,
            List<String> scopes,
            Instant now,
            Instant expiresAt) {
        return handle.createUpdate(
                                """
                                insert into device_codes (sha256, user_code, client, scopes, state, created_at, expires_at)
                                values (:sha256, :user, :client, :scopes, 'pending', :now, :expires)
                                on conflict do nothing
                                """)
                        .bind("sha256", sha256)
                        .bind("user", userCode)
                        .bind("client", client)
                        .bindArray("scopes", String.class, scopes)
                        .bind("now", now)
                        .bind("expires", expiresAt)
                        .execute()
                == 1;
    }

    /** Locks the row, and notes that the device asked now; the answer is from before that. */
    public Optional<DeviceCode> poll(String sha256, Instant now) {
        Optional<DeviceCode> found =
                handle.createQuery(
                                "select "
                                        + COLUMNS
                                        + " from device_codes where sha256 = :sha256 for update")
                        .bind("sha256", sha256)
                        .map((row, context) -> code(row))
                        .findOne();
        handle.createUpdate("update device_codes set last_polled_at = :now where sha256 = :sha256")
                .bind("sha256", sha256)
                .bind("now", now)
                .execute();
        return found;
    }

    /** One that waits at {@code now}. */
    public Optional<DeviceCode> findPending(String userCode, Instant now) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + " from device_codes where user_code = :user and state = 'pending' and expires_at > :now")
                .bind("user", userCode)
                .bind("now", now)
                .map((row, context) -> code(row))
                .findOne();
    }

    /** Whether it waited until now. */
    public boolean approve(
            String userCode, long accountId, Instant authenticatedAt, String method, Instant now) {
        return handle.createUpdate(
                                """
                                update device_codes
                                set state = 'approved', account_id = :account, authenticated_at = :authenticated, method = :method
                                where user_code = :user and state = 'pending' and expires_at > :now
                                """)
                        .bind("user", userCode)
                        .bind("account", accountId)
                        .bind("authenticated", authenticatedAt)
                        .bind("method", method)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Whether it waited until now. */
    public boolean deny(String userCode, Instant now) {
        return handle.createUpdate(
                                """
                                update device_codes set state = 'denied'
                                where user_code = :user and state = 'pending' and expires_at > :now
                                """)
                        .bind("user", userCode)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    public void use(String sha256) {
        handle.createUpdate("update device_codes set state = 'used' where sha256 = :sha256")
                .bind("sha256", sha256)
                .execute();
    }

    private static DeviceCode code(ResultSet row) throws SQLException {
        return new DeviceCode(
                row.getString("user_code"),
                row.getString("client"),
                Arrays.asList((String[]) row.getArray("scopes").getArray()),
                row.getString("state"),
                Optional.ofNullable(row.getObject("account_id", Long.class)),
                Optional.ofNullable(row.getTimestamp("authenticated_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("method")),
                Optional.ofNullable(row.getTimestamp("last_polled_at")).map(Timestamp::toInstant),
                row.getTimestamp("expires_at").toInstant());
    }
}
