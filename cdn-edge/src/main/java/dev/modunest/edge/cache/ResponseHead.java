package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;

import java.util.List;

/**
 * What the cache knows of a response beside its content.
 *
 * @param selected the values of {@code vary} in the request that it answers
 */
public record ResponseHead(
        int status,
        Fields fields,
        Freshness freshness,
        Stamp stamp,
        Vary vary,
        List<String> selected) {

    private static final int OVERHEAD_BYTES = 200;

    public ResponseHead {
        selected = List.copyOf(selected);
    }

    /** Of a response to {@code request}. */
    public static ResponseHead of(
            int status, MultiMap response, MultiMap request, Freshness freshness, Stamp stamp) {
        Vary vary = Vary.of(response);
        return new ResponseHead(
                status,
                status == 200 ? Fields.of(response).withRanges() : Fields.of(response),
                freshness,
                stamp,
                vary,
                vary.select(request));
    }

    /** Whether it answers {@code request} (RFC 9111 4.1). */
    public boolean answers(MultiMap request) {
        return vary.names().isEmpty() || selected.equals(vary.select(request));
    }

    ResponseHead refreshed(MultiMap newer, Freshness newFreshness, Stamp newStamp) {
        return new ResponseHead(
                status, fields.updated(newer), newFreshness, newStamp, vary, selected);
    }

    ResponseHead with(Freshness other) {
        return new ResponseHead(status, fields, other, stamp, vary, selected);
    }

    int weight() {
        int weight = OVERHEAD_BYTES + fields.weight();
        for (String value : selected) {
            weight += value.length();
        }
        return weight;
    }
}
