package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.Optional;

/** The first answers to mutations, by account and {@code Idempotency-Key}. */
public final class IdempotencyStore {

    /** Stands in a row from claim to completion, which no other transaction sees. */
    private static final int NO_STATUS_YET = 0;

    private final Handle handle;

    IdempotencyStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Takes the key for this transaction, which calls {@link #complete} before it ends. While
     * another transaction holds the key this one waits for its end; when that one was committed,
     * its answer comes back and the key stays with it.
     *
     * @param expired answers older than this are forgotten
     */
    public Optional<StoredAnswer> claim(
            long accountId, String key, String fingerprint, Instant now, Instant expired) {
        int claimed =
                handle.createUpdate(
                                """
                                insert into idempotency_keys (account_id, key, fingerprint, status, headers, body, created_at)
                                values (:account, :key, :fingerprint, :status, '{}', '', :now)
                                on conflict (account_id, key) do update
                                set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
                                    body = excluded.body, created_at = excluded.created_at
                                where idempotency_keys.created_at < :expired
                                """)
                        .bind("account", accountId)
                        .bind("key", key)
                        .bind("fingerprint", fingerprint)
                        .bind("status", NO_STATUS_YET)
                        .bind("now", now)
                        .bind("expired", expired)
                        .execute();
        return claimed == 1 ? Optional.empty() : find(accountId, key, expired);
    }

    /** The answer of a transaction that was committed, if it is not older than {@code expired}. */
    public Optional<StoredAnswer> find(long accountId, String key, Instant expired) {
        return handle.createQuery(
                        """
                        select fingerprint, status, headers::text as headers, body from idempotency_keys
                        where account_id = :account and key = :key and created_at >= :expired
                        """)
                .bind("account", accountId)
                .bind("key", key)
                .bind("expired", expired)
                .map(
                        (row, context) ->
                                new StoredAnswer(
                                        row.getString("fingerprint"),
                                        row.getInt("status"),
                                        row.getString("headers"),
                                        row.getString("body")))
                .findOne();
    }

    /** Writes the answer under a key that this transaction claimed. */
    public void complete(long accountId, String key, StoredAnswer answer) {
        int completed =
                handle.createUpdate(
                                """
                                update idempotency_keys set status = :status, headers = :headers::jsonb, body = :body
                                where account_id = :account and key = :key and status = :none
                                """)
                        .bind("account", accountId)
                        .bind("key", key)
                        .bind("status", answer.status())
                        .bind("headers", answer.headersJson())
                        .bind("body", answer.body())
                        .bind("none", NO_STATUS_YET)
                        .execute();
        if (completed != 1) {
            throw new IllegalStateException("the key was not claimed by this transaction");
        }
    }

    /** Forgets up to {@code limit} answers older than {@code before}; how many there were. */
    public int deleteBefore(Instant before, int limit) {
        return handle.createUpdate(
                        """
                        delete from idempotency_keys where ctid = any (array(
                            select ctid from idempotency_keys where created_at < :before limit :limit))
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .execute();
    }
}
