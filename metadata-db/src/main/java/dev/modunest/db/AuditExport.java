package dev.modunest.db;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditStore.Kept;
import dev.modunest.db.AuditStore.Range;
import dev.modunest.format.CanonicalJson;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Entries of the audit as JSON lines in the order of the chain, a page in memory at a time. No
 * connection is held while lines are written.
 */
public final class AuditExport {

    private static final int PAGE = 1_000;

    /**
     * Which entries: all between the first of the time and the last.
     *
     * @param until the first moment that is not meant
     */
    public record Period(Optional<Instant> since, Optional<Instant> until) {}

    private final Database database;
    private final Range range;
    private List<Kept> page;

    private AuditExport(Database database, Range range, List<Kept> page) {
        this.database = database;
        this.range = range;
        this.page = page;
    }

    /** Writes into the audit who exports what of it, and reads the first page. */
    public static AuditExport begin(
            Database database,
            Period period,
            Actor actor,
            Optional<String> requestId,
            Instant now) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode();
        period.since().ifPresent(since -> detail.put("since", since.toString()));
        period.until().ifPresent(until -> detail.put("until", until.toString()));
        database.inTransaction(
                tx -> {
                    tx.audit()
                            .append(
                                    new AuditEntry(
                                            now,
                                            actor,
                                            "audit.exported",
                                            "audit",
                                            Optional.empty(),
                                            requestId,
                                            detail.toString()));
                    return true;
                });
        Range range = database.read(tx -> tx.audit().range(period.since(), period.until()));
        return new AuditExport(database, range, page(database, range));
    }

    private static List<Kept> page(Database database, Range range) {
        return database.read(tx -> tx.audit().chained(range, PAGE));
    }

    /** How many entries it has, about. */
    public long estimate() {
        return range.to() - range.from() + 1;
    }

    /**
     * Writes all lines; to be called once.
     *
     * @param progress is told how many lines were written
     */
    public void writeTo(OutputStream out, LongConsumer progress) throws IOException {
        while (!page.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            for (Kept kept : page) {
                lines.append(line(kept)).append('\n');
            }
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
            progress.accept(page.size());
            long next = page.getLast().link().orElseThrow().sequence() + 1;
            page = page(database, new Range(next, range.to()));
        }
    }

    /** What was changed in the database into what has no canonical form is written as it is. */
    private static String line(Kept kept) {
        ObjectNode entry = kept.toJson();
        try {
            return CanonicalJson.text(entry);
        } catch (IllegalArgumentException neverWritten) {
            return entry.toString();
        }
    }
}
