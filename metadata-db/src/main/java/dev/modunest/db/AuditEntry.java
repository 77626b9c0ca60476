package dev.modunest.db;

import java.time.Instant;
import java.util.Optional;

/**
 * Who did what, when, and why.
 *
 * @param action dotted, as in {@code release.yanked}
 * @param subject a coordinate, a plugin or a namespace
 * @param detail what else is worth to know, a JSON object
 */
public record AuditEntry(
        Instant at,
        Account account,
        String action,
        String subject,
        Optional<String> reason,
        Optional<String> requestId,
        String detail) {

    /** Without details. */
    public AuditEntry(
            Instant at,
            Account account,
            String action,
            String subject,
            Optional<String> reason,
            Optional<String> requestId) {
        this(at, account, action, subject, reason, requestId, "{}");
    }
}
