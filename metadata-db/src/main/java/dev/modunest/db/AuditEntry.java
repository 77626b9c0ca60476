package dev.modunest.db;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Who did what, when, and why. Texts may be a stranger's: what cannot be kept of them is replaced.
 *
 * @param at to the microsecond, as Postgres keeps it
 * @param action dotted, as in {@code release.yanked}
 * @param subject what it was done to: a coordinate, a plugin, a namespace, an account, a host
 * @param detail what else is worth to know, a JSON object whose numbers are whole and within 2^53-1
 */
public record AuditEntry(
        Instant at,
        Actor actor,
        String action,
        String subject,
        Optional<String> reason,
        Optional<String> requestId,
        String detail) {

    public AuditEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
        subject = AuditText.legible(subject);
        reason = reason.map(AuditText::legible);
        requestId = requestId.map(AuditText::legible);
        detail = AuditText.object(detail).toString();
    }

    /** Of an account. */
    public AuditEntry(
            Instant at,
            Account account,
            String action,
            String subject,
            Optional<String> reason,
            Optional<String> requestId,
            String detail) {
        this(at, Actor.of(account), action, subject, reason, requestId, detail);
    }

    /** Of an account, without details. */
    public AuditEntry(
            Instant at,
            Account account,
            String action,
            String subject,
            Optional<String> reason,
            Optional<String> requestId) {
        this(at, account, action, subject, reason, requestId, "{}");
    }

    /** The same with the client's address among the details. */
    public AuditEntry withAddress(String address) {
        return new AuditEntry(
                at,
                actor,
                action,
                subject,
                reason,
                requestId,
                AuditText.object(detail).put("address", address).toString());
    }
}
