package dev.modunest.edge.serve;

import dev.modunest.edge.cache.HttpDate;
import dev.modunest.edge.cache.Part;
import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.EntityTags;

import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What of a stored response a request wants (RFC 9110 13.2.2). */
sealed interface Selection {

    record NotModified() implements Selection {}

    record Whole() implements Selection {}

    record Parts(List<ByteRanges.Span> spans) implements Selection {}

    /** Answer 416 with this problem. */
    record Refused(String code, String title, String detail) implements Selection {}

    /** Whether it has the first byte, by which a download is told from its continuation. */
    default boolean hasFirstByte() {
        return switch (this) {
            case Whole() -> true;
            case Parts(List<ByteRanges.Span> spans) ->
                    spans.stream().anyMatch(span -> span.first() == 0);
            case NotModified(), Refused(String _, String _, String _) -> false;
        };
    }

    /**
     * Decides for a request by its conditions and ranges.
     *
     * @param size of the content; -1 when it is not known yet, so that ranges cannot be cut
     */
    static Selection of(MultiMap request, boolean head, ResponseHead stored, long size) {
        Optional<Part> part = stored.part(size);
        if (stored.status() != 200 && part.isEmpty()) {
            return new Whole();
        }
        @Nullable String tag = stored.fields().first("ETag");
        if (isNotModified(request, stored, tag)) {
            return new NotModified();
        }
        @Nullable String range = request.get("Range");
        if (head || range == null || size < 0 || !isUnchanged(request, stored, tag)) {
            return new Whole();
        }
        return switch (ByteRanges.parse(range, part.map(Part::complete).orElse(size))) {
            case ByteRanges.Whole() -> new Whole();
            case ByteRanges.Parts(List<ByteRanges.Span> spans) -> new Parts(spans);
            case ByteRanges.Unsatisfiable() ->
                    new Refused(
                            "range-unsatisfiable",
                            "The range is not satisfiable",
                            "There are " + size + " bytes; ask for a range within.");
            case ByteRanges.Malformed() ->
                    new Refused(
                            "range-malformed",
                            "The Range header cannot be read",
                            "It is not a list of byte ranges; write bytes=first-last, bytes=first- or"
                                    + " bytes=-length.");
        };
    }

    private static boolean isNotModified(
            MultiMap request, ResponseHead stored, @Nullable String tag) {
        @Nullable String noneMatch = joined(request, "If-None-Match");
        if (noneMatch != null) {
            return (tag != null && EntityTags.matchesWeakly(noneMatch, tag));
        }
        Optional<Instant> since = HttpDate.parse(request.get("If-Modified-Since"));
        return since.isPresent() && !modified(stored).isAfter(since.get());
    }

    /** When it was last modified as far as is known: not after it was made. */
    private static Instant modified(ResponseHead stored) {
        return HttpDate.parse(stored.fields().first("Last-Modified"))
                .or(() -> HttpDate.parse(stored.fields().first("Date")))
                .orElse(stored.freshness().generatedAt())
                .truncatedTo(ChronoUnit.SECONDS);
    }

    /** Whether {@code If-Range} lets the range be cut (RFC 9110 13.1.5). */
    private static boolean isUnchanged(
            MultiMap request, ResponseHead stored, @Nullable String tag) {
        @Nullable String ifRange = request.get("If-Range");
        if (ifRange == null) {
            return true;
        }
        if (tag != null) {
            return EntityTags.matchesStrongly(ifRange, tag);
        }
        Optional<Instant> date = HttpDate.parse(ifRange);
        return date.isPresent()
                && date.equals(HttpDate.parse(stored.fields().first("Last-Modified")));
    }

    private static @Nullable String joined(MultiMap request, String name) {
        List<String> lines = request.getAll(name);
        return lines.isEmpty() ? null : String.join(",", lines);
    }
}
