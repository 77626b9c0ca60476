package dev.modunest.server.download;

import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.EntityTags;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.Optional;

/** What {@code Range} and {@code If-Range} ask of an artifact (RFC 9110 13.1.5, 14.2). */
final class RangeRequest {

    private RangeRequest() {}

    /**
     * Whole artifact or parts; throws {@link Rejection} with 416 when the header cannot be served.
     */
    static ByteRanges read(
            Optional<String> range, Optional<String> ifRange, String entityTag, long size) {
        if (range.isEmpty()
                || ifRange.filter(tag -> !EntityTags.matchesStrongly(tag, entityTag)).isPresent()) {
            return new ByteRanges.Whole();
        }
        String header = range.get();
        return switch (ByteRanges.parse(header, size)) {
            case ByteRanges.Whole whole -> whole;
            case ByteRanges.Parts parts -> parts;
            case ByteRanges.Unsatisfiable _ ->
                    throw refused(
                            ProblemCode.RANGE_UNSATISFIABLE,
                            "'"
                                    + header
                                    + "' asks for nothing of the artifact's "
                                    + size
                                    + " bytes; ask for less than that",
                            size);
            case ByteRanges.Malformed _ ->
                    throw refused(
                            ProblemCode.RANGE_MALFORMED,
                            "'"
                                    + header
                                    + "' is not a list of byte ranges; write bytes=first-last, bytes=first- or bytes=-length",
                            size);
        };
    }

    private static Rejection refused(ProblemCode code, String detail, long size) {
        return new Rejection(code, detail).with("Content-Range", "bytes */" + size);
    }
}
