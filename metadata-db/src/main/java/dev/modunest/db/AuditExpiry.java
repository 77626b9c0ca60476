package dev.modunest.db;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells in the audit itself which of its entries retention takes away. The clocks of servers
 * differ, so that those of a month need not follow each other in the chain.
 */
final class AuditExpiry {

    /** The first or the last of entries in a row. */
    private record Edge(
            long entries, long sequence, String previousHash, String hash, boolean last) {}

    /**
     * Entries that go.
     *
     * @param entries how many, those from before the chain too
     */
    record Gone(long entries, List<AuditSpan> spans) {

        private long last() {
            return spans.isEmpty() ? 0 : spans.getLast().to();
        }

        private Gone and(Gone later) {
            return new Gone(entries + later.entries, AuditSpan.merge(spans, later.spans));
        }
    }

    private final Handle handle;
    private final AuditStore audit;

    AuditExpiry(Handle handle, AuditStore audit) {
        this.handle = handle;
        this.audit = audit;
    }

    /** All entries of {@code partition}. */
    Gone read(String partition) {
        return edges(select(partition, "true"));
    }

    /** All entries of {@code partition}, of which {@code known} were read before. */
    Gone readOn(String partition, Gone known) {
        return known.and(edges(select(partition, "sequence > " + known.last())));
    }

    private static String select(String partition, String rows) {
        return "not materialized (select sequence, previous_hash, hash from %s where %s)"
                .formatted(partition, rows);
    }

    /** Deletes the rows of {@code partition}. */
    Gone delete(String partition, String rows) {
        return edges(
                "(delete from %s where %s returning sequence, previous_hash, hash)"
                        .formatted(partition, rows));
    }

    private Gone edges(String gone) {
        List<AuditSpan> spans = new ArrayList<>();
        long entries = 0;
        Optional<Edge> first = Optional.empty();
        for (Edge edge :
                handle.createQuery(
                                """
                                with gone as %s,
                                neighbours as (
                                    select sequence, previous_hash, hash,
                                           lag(sequence) over chain is distinct from sequence - 1 as first,
                                           lead(sequence) over chain is distinct from sequence + 1 as last
                                    from gone
                                    where sequence is not null
                                    window chain as (order by sequence))
                                select (select count(*) from gone) as entries, edge.*
                                from (select) always left join neighbours edge on edge.first or edge.last
                                order by edge.sequence
                                """
                                        .formatted(gone))
                        .map((row, context) -> edge(row))
                        .list()) {
            entries = edge.entries();
            Edge begin = first.orElse(edge);
            first = edge.last() ? Optional.empty() : Optional.of(begin);
            if (edge.last()) {
                spans.add(
                        new AuditSpan(
                                begin.sequence(),
                                edge.sequence(),
                                begin.previousHash(),
                                edge.hash()));
            }
        }
        return new Gone(entries, spans);
    }

    /** Without entries in the chain there is one row with their number alone. */
    private static Edge edge(ResultSet row) throws SQLException {
        return new Edge(
                row.getLong("entries"),
                row.getLong("sequence"),
                String.valueOf(row.getString("previous_hash")),
                String.valueOf(row.getString("hash")),
                row.getBoolean("last"));
    }

    /**
     * Adds to the audit that {@code gone} went, with all that went before, so that the newest entry
     * of this kind tells of every gap in the chain.
     */
    void tell(String partition, Gone gone, Instant now) {
        if (gone.entries() == 0) {
            return;
        }
        List<AuditSpan> before =
                audit.newestExpiry()
                        .map(kept -> AuditSpan.read(AuditText.parse(kept.detail())))
                        .orElse(List.of());
        ObjectNode detail = JsonNodeFactory.instance.objectNode().put("entries", gone.entries());
        detail.set("expired", AuditSpan.toJson(AuditSpan.merge(before, gone.spans())));
        audit.append(
                new AuditEntry(
                        now,
                        Actor.REGISTRY,
                        AuditStore.EXPIRED,
                        partition,
                        Optional.empty(),
                        Optional.empty(),
                        detail.toString()));
    }
}
