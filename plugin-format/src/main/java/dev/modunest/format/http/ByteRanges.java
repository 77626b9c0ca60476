package dev.modunest.format.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a {@code Range} header asks of a representation of known length (RFC 9110 14.1.2, 14.2).
 *
 * <p>A header that names another unit or asks for more than {@link #MAX_RANGES} parts is ignored:
 * the answer is the whole representation. A list that cannot be read may be ignored or refused
 * (14.2); it is refused, so that its sender learns of it. Overlapping and adjacent ranges are
 * joined.
 */
public sealed interface ByteRanges {

    /** More parts than this are answered with the whole representation. */
    int MAX_RANGES = 16;

    /** Answer 200 with everything. */
    record Whole() implements ByteRanges {}

    /**
     * Answer 206 with these parts, in ascending order, disjoint; one: a plain body, more:
     * multipart/byteranges.
     */
    record Parts(List<Span> spans) implements ByteRanges {
        public Parts {
            spans = List.copyOf(spans);
        }
    }

    /** Answer 416 with {@code Content-Range: bytes *}{@code /length}. */
    record Unsatisfiable() implements ByteRanges {}

    /** Answer 416: the header is no list of byte ranges. */
    record Malformed() implements ByteRanges {}

    /** Bytes {@code first} to {@code last}, both included. */
    record Span(long first, long last) {
        public long length() {
            return last - first + 1;
        }

        /** The value of {@code Content-Range}. */
        public String contentRange(long total) {
            return "bytes " + first + "-" + last + "/" + total;
        }
    }

    /** Parses the value of a {@code Range} header for a representation of {@code length} bytes. */
    static ByteRanges parse(String header, long length) {
        if (!header.regionMatches(true, 0, "bytes=", 0, 6)) {
            return new Whole();
        }
        List<Span> spans = new ArrayList<>();
        int specs = 0;
        for (String element : header.substring(6).split(",", -1)) {
            String spec = element.strip();
            if (spec.isEmpty()) {
                continue;
            }
            if (++specs > MAX_RANGES) {
                return new Whole();
            }
            long[] bounds = bounds(spec, length);
            if (bounds.length == 0) {
                return new Malformed();
            }
            if (bounds[0] <= bounds[1]) {
                spans.add(new Span(bounds[0], bounds[1]));
            }
        }
        if (specs == 0) {
            return new Malformed();
        }
        return spans.isEmpty() ? new Unsatisfiable() : new Parts(joined(spans));
    }

    /**
     * First and last of one range spec; first beyond last when unsatisfiable; empty when malformed.
     */
    private static long[] bounds(String spec, long length) {
        int dash = spec.indexOf('-');
        if (dash < 0 || !isDigits(spec, 0, dash) || !isDigits(spec, dash + 1, spec.length())) {
            return new long[0];
        }
        if (dash == 0) {
            if (spec.length() == 1) {
                return new long[0];
            }
            long suffix = number(spec, 1, spec.length());
            return new long[] {Math.max(0, length - suffix), suffix == 0 ? -1 : length - 1};
        }
        long first = number(spec, 0, dash);
        if (dash == spec.length() - 1) {
            return new long[] {first, length - 1};
        }
        long last = number(spec, dash + 1, spec.length());
        if (last < first) {
            return new long[0];
        }
        return new long[] {first, Math.min(last, length - 1)};
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * The number, or the greatest long when it does not fit: it lies beyond any representation
     * either way.
     */
    private static long number(String text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return Long.MAX_VALUE;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static List<Span> joined(List<Span> spans) {
        List<Span> ascending = new ArrayList<>(spans);
        ascending.sort(Comparator.comparingLong(Span::first));
        List<Span> joined = new ArrayList<>();
        for (Span span : ascending) {
            Span before = joined.isEmpty() ? null : joined.getLast();
            if (before != null && span.first() <= before.last() + 1) {
                joined.set(
                        joined.size() - 1,
                        new Span(before.first(), Math.max(before.last(), span.last())));
            } else {
                joined.add(span);
            }
        }
        return joined;
    }
}
