package dev.modunest.db;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Entries in a row that are not in the audit any more, as the entry {@code audit.expired} tells
 * them.
 *
 * @param from the first sequence
 * @param to the last
 * @param previousHash of the first
 * @param hash of the last
 */
record AuditSpan(long from, long to, String previousHash, String hash) {

    /** All of them in order, those that follow each other as one. */
    static List<AuditSpan> merge(List<AuditSpan> some, List<AuditSpan> others) {
        List<AuditSpan> sorted = new ArrayList<>(some);
        sorted.addAll(others);
        sorted.sort(Comparator.comparingLong(AuditSpan::from));
        List<AuditSpan> merged = new ArrayList<>();
        for (AuditSpan span : sorted) {
            if (!merged.isEmpty() && merged.getLast().isFollowedBy(span)) {
                AuditSpan before = merged.removeLast();
                merged.add(new AuditSpan(before.from, span.to, before.previousHash, span.hash));
            } else {
                merged.add(span);
            }
        }
        return merged;
    }

    private boolean isFollowedBy(AuditSpan next) {
        return next.from == to + 1 && next.previousHash.equals(hash);
    }

    /** What {@link #read} reads. */
    static ArrayNode toJson(List<AuditSpan> spans) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        spans.forEach(
                span ->
                        array.addObject()
                                .put("from", span.from)
                                .put("to", span.to)
                                .put("previous_hash", span.previousHash)
                                .put("hash", span.hash));
        return array;
    }

    /** The spans of the detail of {@code audit.expired}. */
    static List<AuditSpan> read(JsonNode detail) {
        List<AuditSpan> spans = new ArrayList<>();
        detail.path("expired")
                .forEach(
                        span ->
                                spans.add(
                                        new AuditSpan(
                                                span.path("from").asLong(),
                                                span.path("to").asLong(),
                                                span.path("previous_hash").asText(),
                                                span.path("hash").asText())));
        return spans;
    }
}
