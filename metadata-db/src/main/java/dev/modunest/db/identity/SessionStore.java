package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Sessions and their refresh tokens. */
public final class SessionStore {

    /** What became of a refresh token that was sent. */
    public enum Refresh {
        /** It was unused and is used now. */
        TAKEN,
        /** It had been used before. */
        REUSED,
        /** There is none, or its session is over. */
        UNKNOWN
    }

    /**
     * A refresh token as it was found.
     *
     * @param session of the token; empty when it is unknown
     */
    public record Refreshed(Refresh outcome, Optional<SessionFacts> session) {}

    private static final String COLUMNS =
            """
            s.id, s.account_id, a.name, a.administrator, s.kind, s.scopes, s.client, s.method, s.address,
            s.authenticated_at, s.created_at, s.last_seen_at, s.expires_at, s.revoked_at
            """;

    private final Handle handle;

    public SessionStore(Handle handle) {
        this.handle = handle;
    }

    public void insert(NewSession session) {
        handle.createUpdate(
                        """
                        insert into sessions (id, account_id, kind, cookie_sha256, scopes, client, method, address,
                                              authenticated_at, created_at, last_seen_at, expires_at)
                        values (:id, :account, :kind, :cookie, :scopes, :client, :method, :address,
                                :authenticated, :now, :now, :expires)
                        """)
                .bind("id", session.id())
                .bind("account", session.accountId())
                .bind("kind", session.kind())
                .bind("cookie", session.cookieSha256().orElse(null))
                .bindArray("scopes", String.class, session.scopes())
                .bind("client", session.client())
                .bind("method", session.method())
                .bind("address", session.address().orElse(null))
                .bind("authenticated", session.authenticatedAt())
                .bind("now", session.now())
                .bind("expires", session.expiresAt())
                .execute();
    }

    /** Also one that is over; none of an account that is disabled. */
    public Optional<SessionFacts> find(UUID id) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + " from sessions s join accounts a on a.id = s.account_id where s.id = :id and a.disabled_at is null")
                .bind("id", id)
                .map((row, context) -> session(row))
                .findOne();
    }

    /** The session of a browser's cookie; none of an account that is disabled. */
    public Optional<SessionFacts> findByCookie(String sha256Hex) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + " from sessions s join accounts a on a.id = s.account_id where s.cookie_sha256 = :cookie and a.disabled_at is null")
                .bind("cookie", sha256Hex)
                .map((row, context) -> session(row))
                .findOne();
    }

    /** Those of the account that are open, the newest first. */
    public List<SessionFacts> list(long accountId, Instant now, int limit) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + """
                                 from sessions s join accounts a on a.id = s.account_id
                                where s.account_id = :account and s.revoked_at is null and s.expires_at > :now
                                order by s.created_at desc, s.id limit :limit
                                """)
                .bind("account", accountId)
                .bind("now", now)
                .bind("limit", limit)
                .map((row, context) -> session(row))
                .list();
    }

    /** Whether it was open until now. */
    public boolean revoke(UUID id, String reason, Instant now) {
        return handle.createUpdate(
                                """
                                update sessions set revoked_at = :now, revoked_reason = :reason
                                where id = :id and revoked_at is null
                                """)
                        .bind("id", id)
                        .bind("reason", reason)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    /** Ends all open sessions of the account but one; says how many. */
    public int revokeAll(long accountId, Optional<UUID> but, String reason, Instant now) {
        return handle.createUpdate(
                        """
                        update sessions set revoked_at = :now, revoked_reason = :reason
                        where account_id = :account and revoked_at is null and id is distinct from :but::uuid
                        """)
                .bind("account", accountId)
                .bind("but", but.orElse(null))
                .bind("reason", reason)
                .bind("now", now)
                .execute();
    }

    public void extend(UUID id, Instant expiresAt) {
        handle.createUpdate("update sessions set expires_at = :expires where id = :id")
                .bind("id", id)
                .bind("expires", expiresAt)
                .execute();
    }

    public void touch(Collection<UUID> ids, Instant now) {
        handle.createUpdate(
                        "update sessions set last_seen_at = :now where id = any(:ids) and last_seen_at < :now")
                .bindArray("ids", UUID.class, ids)
                .bind("now", now)
                .execute();
    }

    public void insertRefreshToken(UUID session, String sha256Hex, Instant now) {
        handle.createUpdate(
                        "insert into refresh_tokens (sha256, session_id, created_at) values (:sha256, :session, :now)")
                .bind("sha256", sha256Hex)
                .bind("session", session)
                .bind("now", now)
                .execute();
    }

    /** Uses a refresh token; of two that use it at once one is the second. */
    public Refreshed useRefreshToken(String sha256Hex, Instant now) {
        Optional<UUID> taken =
                handle.createQuery(
                                """
                                update refresh_tokens set used_at = :now
                                where sha256 = :sha256 and used_at is null returning session_id
                                """)
                        .bind("sha256", sha256Hex)
                        .bind("now", now)
                        .mapTo(UUID.class)
                        .findOne();
        Optional<UUID> known = taken.or(() -> findRefreshToken(sha256Hex));
        Optional<SessionFacts> session = known.flatMap(this::find);
        if (session.isEmpty()) {
            return new Refreshed(Refresh.UNKNOWN, Optional.empty());
        }
        return new Refreshed(taken.isPresent() ? Refresh.TAKEN : Refresh.REUSED, session);
    }

    /** The session of a refresh token, used or not. */
    public Optional<UUID> findRefreshToken(String sha256Hex) {
        return handle.createQuery("select session_id from refresh_tokens where sha256 = :sha256")
                .bind("sha256", sha256Hex)
                .mapTo(UUID.class)
                .findOne();
    }

    /** The session of a refresh token that was not used yet. */
    public Optional<UUID> findUnusedRefreshToken(String sha256Hex) {
        return handle.createQuery(
                        "select session_id from refresh_tokens where sha256 = :sha256 and used_at is null")
                .bind("sha256", sha256Hex)
                .mapTo(UUID.class)
                .findOne();
    }

    private static SessionFacts session(ResultSet row) throws SQLException {
        return new SessionFacts(
                row.getObject("id", UUID.class),
                row.getLong("account_id"),
                row.getString("name"),
                row.getBoolean("administrator"),
                row.getString("kind"),
                Arrays.asList((String[]) row.getArray("scopes").getArray()),
                row.getString("client"),
                row.getString("method"),
                Optional.ofNullable(row.getString("address")),
                row.getTimestamp("authenticated_at").toInstant(),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("last_seen_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("revoked_at")).map(Timestamp::toInstant));
    }
}
