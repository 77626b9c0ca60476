package dev.modunest.edge.cache;

import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.ByteRanges.Span;

import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a 206 with one range has of a representation (RFC 9110 15.3.7.1).
 *
 * @param first position of its first byte
 * @param last position of its last byte
 * @param complete bytes of the whole representation
 */
public record Part(long first, long last, long complete) {

    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})", Pattern.CASE_INSENSITIVE);

    public Part {
        if (first < 0 || last < first || complete <= last) {
            throw new IllegalArgumentException(
                    "bytes " + first + "-" + last + "/" + complete + " is no range");
        }
    }

    /**
     * Reads {@code Content-Range} beside a content of {@code length} bytes; empty when it does not
     * tell one range of a known whole. Where it tells the end as the position behind the last byte,
     * as some origins do, the content is believed.
     */
    public static Optional<Part> of(@Nullable String contentRange, long length) {
        Matcher told = CONTENT_RANGE.matcher(contentRange == null ? "" : contentRange.strip());
        if (!told.matches() || length < 1) {
            return Optional.empty();
        }
        long first = Long.parseLong(told.group(1));
        long last = Long.parseLong(told.group(2));
        long complete = Long.parseLong(told.group(3));
        boolean reachesEnd = last == complete - 1;
        if (last - first == length) {
            last--;
            complete -= reachesEnd ? 1 : 0;
        }
        return last - first + 1 == length && last < complete
                ? Optional.of(new Part(first, last, complete))
                : Optional.empty();
    }

    /** Whether a 206 with these fields has one part, of which {@code request} asks for no more. */
    public static boolean isAnswer(MultiMap response, long length, MultiMap request) {
        return of(response.get("Content-Range"), length)
                .filter(part -> part.answers(request, response.get("ETag")))
                .isPresent();
    }

    /** Whether all that {@code request} asks for is within (RFC 9111 3.3). */
    boolean answers(MultiMap request, @Nullable String tag) {
        String range = request.get("Range");
        String ifRange = request.get("If-Range");
        return range != null
                && (ifRange == null || (ifRange.equals(tag) && ifRange.startsWith("\"")))
                && ByteRanges.parse(range, complete) instanceof ByteRanges.Parts(List<Span> spans)
                && spans.getFirst().first() >= first
                && spans.getLast().last() <= last;
    }

    /** Whether it has all bytes that {@code other} has of the same representation. */
    boolean covers(Part other) {
        return complete == other.complete && first <= other.first && last >= other.last;
    }

    public boolean is(Span span) {
        return first == span.first() && last == span.last();
    }
}
