package dev.modunest.edge.cache;

import io.vertx.core.MultiMap;

import java.util.List;
import java.util.Optional;

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
    private static final int PARTIAL = 206;

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

    /**
     * Whether it answers {@code request} with a content of {@code size} bytes (RFC 9111 3.3, 4.1).
     *
     * @param size -1 when it is not known yet
     */
    public boolean answers(MultiMap request, long size) {
        return (vary.names().isEmpty() || selected.equals(vary.select(request)))
                && (status != PARTIAL
                        || part(size)
                                .filter(part -> part.answers(request, fields.first("ETag")))
                                .isPresent());
    }

    /** What a 206 has of its representation; empty when it does not tell, or is whole. */
    public Optional<Part> part(long size) {
        return status == PARTIAL ? Part.of(fields.first("Content-Range"), size) : Optional.empty();
    }

    /** Whether all that {@code other} answers is answered by this newer one. */
    boolean replaces(long size, ResponseHead other, long otherSize) {
        boolean sameRequests =
                vary.names().isEmpty()
                        || other.vary.names().isEmpty()
                        || (vary.equals(other.vary) && selected.equals(other.selected));
        if (!sameRequests || status != PARTIAL) {
            return sameRequests;
        }
        Optional<Part> its = other.part(otherSize);
        return its.isPresent() && part(size).filter(mine -> mine.covers(its.get())).isPresent();
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
