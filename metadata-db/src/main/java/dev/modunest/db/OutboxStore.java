package dev.modunest.db;

import dev.modunest.format.PluginId;

import org.jdbi.v3.core.Handle;

import java.time.Instant;

/** Events for other processes, written in the transaction that makes them true. */
public final class OutboxStore {

    /** The channel on which Postgres tells of the serial number of every event. */
    static final String CHANNEL = "modunest_outbox";

    private final Handle handle;

    OutboxStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Appends one event and wakes those who listen when the transaction commits. From here on every
     * other transaction that appends waits for this one, so it comes last.
     *
     * @param kind dotted, as in {@code release.published}
     * @param plugin whose documents change
     * @param json a JSON object
     * @return the serial number of the event
     */
    public long append(String kind, PluginId plugin, String json, Instant now) {
        long serial =
                handle.createQuery("update registry_serial set value = value + 1 returning value")
                        .mapTo(long.class)
                        .one();
        handle.createUpdate(
                        """
                        insert into outbox (serial, kind, namespace, name, payload, created_at)
                        values (:serial, :kind, :namespace, :name, :json::jsonb, :now)
                        """)
                .bind("serial", serial)
                .bind("kind", kind)
                .bind("namespace", plugin.namespace())
                .bind("name", plugin.name())
                .bind("json", json)
                .bind("now", now)
                .execute();
        handle.createQuery("select pg_notify(:channel, :serial)")
                .bind("channel", CHANNEL)
                .bind("serial", Long.toString(serial))
                .mapTo(String.class)
                .findOne();
        return serial;
    }
}
