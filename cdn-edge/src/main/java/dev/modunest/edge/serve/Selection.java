package dev.modunest.edge.serve;

import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.EntityTags;

import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What of an artifact a request wants (RFC 9110 13.2.2). */
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

    static Selection of(HttpServerRequest request, boolean head, StoredArtifact artifact) {
        String tag = artifact.digest().entityTag();
        @Nullable String noneMatch = request.getHeader("If-None-Match");
        if (noneMatch != null && EntityTags.matchesWeakly(noneMatch, tag)) {
            return new NotModified();
        }
        @Nullable String range = request.getHeader("Range");
        @Nullable String ifRange = request.getHeader("If-Range");
        if (head
                || range == null
                || (ifRange != null && !EntityTags.matchesStrongly(ifRange, tag))) {
            return new Whole();
        }
        return switch (ByteRanges.parse(range, artifact.size())) {
            case ByteRanges.Whole() -> new Whole();
            case ByteRanges.Parts(List<ByteRanges.Span> spans) -> new Parts(spans);
            case ByteRanges.Unsatisfiable() ->
                    new Refused(
                            "range-unsatisfiable",
                            "The range is not satisfiable",
                            "The artifact has "
                                    + artifact.size()
                                    + " bytes; ask for a range within.");
            case ByteRanges.Malformed() ->
                    new Refused(
                            "range-malformed",
                            "The Range header cannot be read",
                            "It is not a list of byte ranges; write bytes=first-last, bytes=first- or"
                                    + " bytes=-length.");
        };
    }
}
