package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.time.Instant;

/** Events for other processes, written in the transaction that makes them true. */
public final class OutboxStore {

    private final Handle handle;

    OutboxStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Appends one event.
     *
     * @param kind dotted, as in {@code release.published}
     * @param json a JSON object
     */
    public void append(String kind, String json, Instant now) {
        handle.createUpdate(
                        "insert into outbox (kind, payload, created_at) values (:kind, :json::jsonb, :now)")
                .bind("kind", kind)
                .bind("json", json)
                .bind("now", now)
                .execute();
    }
}
