package dev.modunest.server.download;

import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.EntityTags;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.util.Optional;
import java.util.regex.Pattern;

/** What {@code Range} and {@code If-Range} ask of an artifact (RFC 9110 13.1.5, 14.2). */
final class RangeRequest {

    private static final String UNIT = "bytes=";
    private static final Pattern WELL_FORMED =
            Pattern.compile("[\\s,]*(?:(?:\\d+-\\d*|-\\d+)\\s*(?:,[\\s,]*|$))+");

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
        ByteRanges ranges = ByteRanges.parse(header, size);
        if (ranges instanceof ByteRanges.Unsatisfiable) {
            throw refused(
                    ProblemCode.RANGE_UNSATISFIABLE,
                    "'"
                            + header
                            + "' asks for nothing of the artifact's "
                            + size
                            + " bytes; ask for less than that",
                    size);
        }
        if (ranges instanceof ByteRanges.Whole && isMalformed(header)) {
            throw refused(
                    ProblemCode.RANGE_MALFORMED,
                    "'"
                            + header
                            + "' is not a list of byte ranges; write bytes=first-last, bytes=first- or bytes=-length",
                    size);
        }
        return ranges;
    }

    /**
     * A malformed list may be ignored or refused (RFC 9110 14.2); a client that sends one is told.
     */
    private static boolean isMalformed(String header) {
        if (!header.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return false;
        }
        String list = header.substring(UNIT.length());
        return !WELL_FORMED.matcher(list).matches() || countRanges(list) <= ByteRanges.MAX_RANGES;
    }

    private static long countRanges(String list) {
        return list.chars().filter(c -> c == '-').count();
    }

    private static Rejection refused(ProblemCode code, String detail, long size) {
        return new Rejection(code, detail).with("Content-Range", "bytes */" + size);
    }
}
