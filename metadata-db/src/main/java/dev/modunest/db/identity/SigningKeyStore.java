package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.List;

/** The keys that sign access tokens. */
public final class SigningKeyStore {

    /** Held by a transaction that makes keys: of several servers one does. */
    private static final long LOCK = 0x6d6f64756b657973L;

    private final Handle handle;

    public SigningKeyStore(Handle handle) {
        this.handle = handle;
    }

    /** Waits until no other transaction makes keys. */
    public void lock() {
        handle.execute("select pg_advisory_xact_lock(?)", LOCK);
    }

    /** Those that are not expired, the oldest first. */
    public List<SealedKey> list(Instant now) {
        return handle.createQuery(
                        """
                        select kid, algorithm, public_key, private_sealed, published_at, active_at, retired_at, expires_at
                        from signing_keys where expires_at > :now order by active_at, kid
                        """)
                .bind("now", now)
                .map(
                        (row, context) ->
                                new SealedKey(
                                        row.getString("kid"),
                                        row.getString("algorithm"),
                                        row.getBytes("public_key"),
                                        row.getBytes("private_sealed"),
                                        row.getTimestamp("published_at").toInstant(),
                                        row.getTimestamp("active_at").toInstant(),
                                        row.getTimestamp("retired_at").toInstant(),
                                        row.getTimestamp("expires_at").toInstant()))
                .list();
    }

    public void insert(SealedKey key) {
        handle.createUpdate(
                        """
                        insert into signing_keys (kid, algorithm, public_key, private_sealed, published_at, active_at, retired_at, expires_at)
                        values (:kid, :algorithm, :public, :private, :published, :active, :retired, :expires)
                        """)
                .bind("kid", key.kid())
                .bind("algorithm", key.algorithm())
                .bind("public", key.publicKey())
                .bind("private", key.privateSealed())
                .bind("published", key.publishedAt())
                .bind("active", key.activeAt())
                .bind("retired", key.retiredAt())
                .bind("expires", key.expiresAt())
                .execute();
    }

    public void deleteExpired(Instant now) {
        handle.createUpdate("delete from signing_keys where expires_at <= :now")
                .bind("now", now)
                .execute();
    }
}
