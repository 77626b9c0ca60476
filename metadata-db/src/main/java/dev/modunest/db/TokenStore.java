package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** API tokens, known by the SHA-256 of their text in hex. */
public final class TokenStore {

    private static final String COLUMNS =
            """
            t.id, t.label, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at, t.revoked_reason,
            a.id as account_id, a.name, a.administrator
            """;

    private final Handle handle;

    TokenStore(Handle handle) {
        this.handle = handle;
    }

    /** One that may do all that its account may, for ever. */
    public void insert(long accountId, String sha256Hex, String label, Instant now) {
        insert(accountId, sha256Hex, label, List.of("*:*"), Optional.empty(), now);
    }

    /** Returns the id of the token. */
    public long insert(
            long accountId,
            String sha256Hex,
            String label,
            List<String> scopes,
            Optional<Instant> expiresAt,
            Instant now) {
        return handle.createQuery(
                        """
                        insert into tokens (account_id, sha256, label, scopes, expires_at, created_at)
                        values (:account, :sha256, :label, :scopes, :expires, :now)
                        returning id
                        """)
                .bind("account", accountId)
                .bind("sha256", sha256Hex)
                .bind("label", label)
                .bindArray("scopes", String.class, scopes)
                .bind("expires", expiresAt.orElse(null))
                .bind("now", now)
                .mapTo(long.class)
                .one();
    }

    /** Also one that is expired or revoked; none of an account that is disabled. */
    public Optional<TokenRecord> find(String sha256Hex) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + """
                                 from tokens t join accounts a on a.id = t.account_id
                                where t.sha256 = :sha256 and a.disabled_at is null
                                """)
                .bind("sha256", sha256Hex)
                .map((row, context) -> token(row))
                .findOne();
    }

    /** Those of the account, the newest first, and with {@code all} the revoked ones too. */
    public List<TokenRecord> list(long accountId, boolean all, int limit) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + """
                                 from tokens t join accounts a on a.id = t.account_id
                                where t.account_id = :account and (:all or t.revoked_at is null)
                                order by t.id desc limit :limit
                                """)
                .bind("account", accountId)
                .bind("all", all)
                .bind("limit", limit)
                .map((row, context) -> token(row))
                .list();
    }

    /** How many tokens of the account work at {@code now}. */
    public long countActive(long accountId, Instant now) {
        return handle.createQuery(
                        """
                        select count(*) from tokens
                        where account_id = :account and revoked_at is null and (expires_at is null or expires_at > :now)
                        """)
                .bind("account", accountId)
                .bind("now", now)
                .mapTo(long.class)
                .one();
    }

    /** Whether the account had such a token and it was not revoked before. */
    public boolean revoke(long accountId, long id, String reason, Instant now) {
        return handle.createUpdate(
                                """
                                update tokens set revoked_at = :now, revoked_reason = :reason
                                where id = :id and account_id = :account and revoked_at is null
                                """)
                        .bind("id", id)
                        .bind("account", accountId)
                        .bind("reason", reason)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Notes that the tokens were used; a later use noted before stays. */
    public void touch(Collection<Long> ids, Instant now) {
        handle.createUpdate(
                        """
                        update tokens set last_used_at = :now
                        where id = any(:ids) and (last_used_at is null or last_used_at < :now)
                        """)
                .bindArray("ids", Long.class, ids)
                .bind("now", now)
                .execute();
    }

    private static TokenRecord token(ResultSet row) throws SQLException {
        return new TokenRecord(
                row.getLong("id"),
                new Account(
                        row.getLong("account_id"),
                        row.getString("name"),
                        row.getBoolean("administrator")),
                row.getString("label"),
                Arrays.asList((String[]) row.getArray("scopes").getArray()),
                row.getTimestamp("created_at").toInstant(),
                instant(row, "expires_at"),
                instant(row, "last_used_at"),
                instant(row, "revoked_at"),
                Optional.ofNullable(row.getString("revoked_reason")));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
