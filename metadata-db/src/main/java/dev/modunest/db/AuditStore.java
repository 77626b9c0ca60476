package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was done, written in the transaction that did it; never changed. */
public final class AuditStore {

    /**
     * An entry as it is read.
     *
     * @param id orders them
     * @param account its name then
     * @param detail a JSON object
     */
    public record Kept(
            long id,
            Instant at,
            String account,
            String action,
            String subject,
            Optional<String> reason,
            Optional<String> requestId,
            String detail) {}

    private final Handle handle;

    AuditStore(Handle handle) {
        this.handle = handle;
    }

    public void append(AuditEntry entry) {
        handle.createUpdate(
                        """
                        insert into audit (at, account_id, account, action, subject, reason, request_id, detail)
                        values (:at, :account_id, :account, :action, :subject, :reason, :request, :detail::jsonb)
                        """)
                .bind("at", entry.at())
                .bind("account_id", entry.account().id())
                .bind("account", entry.account().name())
                .bind("action", entry.action())
                .bind("subject", entry.subject())
                .bind("reason", entry.reason().orElse(null))
                .bind("request", entry.requestId().orElse(null))
                .bind("detail", entry.detail())
                .execute();
    }

    /**
     * The newest entries first.
     *
     * @param before entries with a lower id only
     */
    public List<Kept> list(Optional<String> subject, Optional<Long> before, int limit) {
        return handle.createQuery(
                        """
                        select id, at, account, action, subject, reason, request_id, detail::text as detail
                        from audit
                        where (:subject::text is null or subject = :subject) and id < :before
                        order by id desc limit :limit
                        """)
                .bind("subject", subject.orElse(null))
                .bind("before", before.orElse(Long.MAX_VALUE))
                .bind("limit", limit)
                .map(
                        (row, context) ->
                                new Kept(
                                        row.getLong("id"),
                                        row.getTimestamp("at").toInstant(),
                                        row.getString("account"),
                                        row.getString("action"),
                                        row.getString("subject"),
                                        Optional.ofNullable(row.getString("reason")),
                                        Optional.ofNullable(row.getString("request_id")),
                                        row.getString("detail")))
                .list();
    }
}
