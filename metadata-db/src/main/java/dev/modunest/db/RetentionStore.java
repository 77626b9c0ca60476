package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.time.Instant;

/** Deletes rows that are not kept for ever from tables without partitions. */
public final class RetentionStore {

    /** What becomes old. */
    public enum Expiring {
        /** Publishes that are over. */
        PUBLISHES("publishes", "updated_at", "state in ('live', 'refused')"),
        IDEMPOTENCY_KEYS("idempotency_keys", "created_at", "true"),
        DOWNLOAD_SOURCES("download_sources", "updated_at", "true"),
        /** Assertions and ID tokens that nobody would take a second time anyway. */
        USED_ASSERTIONS("used_assertions", "expires_at", "true"),
        /** Codes that enrol nobody any more. */
        ENROLMENTS("enrolments", "expires_at", "true"),
        /** Sessions that are over; their refresh tokens go with them. */
        SESSIONS("sessions", "expires_at", "true"),
        SIGN_INS("sign_ins", "expires_at", "true"),
        DEVICE_CODES("device_codes", "expires_at", "true"),
        /** Those of releases are in the log. */
        UPLOADED_BUNDLES("uploaded_bundles", "created_at", "true");

        private final String table;
        private final String column;
        private final String condition;

        Expiring(String table, String column, String condition) {
            this.table = table;
            this.column = column;
            this.condition = condition;
        }

        /** The name in the database. */
        public String table() {
            return table;
        }
    }

    private final Handle handle;

    RetentionStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Deletes up to {@code limit} rows that nobody has touched since {@code before}, or that
     * expired before it; those that a transaction holds stay.
     *
     * @return how many
     */
    public int delete(Expiring rows, Instant before, int limit) {
        return handle.createUpdate(
                        """
                        delete from %1$s where ctid = any (array(
                            select ctid from %1$s where %2$s < :before and %3$s limit :limit for update skip locked))
                        """
                                .formatted(rows.table, rows.column, rows.condition))
                .bind("before", before)
                .bind("limit", limit)
                .execute();
    }
}
