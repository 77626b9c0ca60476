package dev.modunest.format.resolve;

import dev.modunest.format.VersionRange;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ranges by their text: an index repeats the same few thousand. Holds at most {@value #MAX_RANGES}
 * of at most {@value #MAX_LENGTH} characters and starts anew when it is full. Thread-safe.
 */
final class RangeCache {

    private static final int MAX_RANGES = 8_192;
    private static final int MAX_LENGTH = 64;
    private static final Map<String, VersionRange> RANGES = new ConcurrentHashMap<>();

    private RangeCache() {}

    /** As {@link VersionRange#parse}. */
    static VersionRange range(String text) {
        VersionRange known = RANGES.get(text);
        if (known != null) {
            return known;
        }
        VersionRange range = VersionRange.parse(text);
        if (text.length() <= MAX_LENGTH) {
            if (RANGES.size() >= MAX_RANGES) {
                RANGES.clear();
            }
            RANGES.put(text, range);
        }
        return range;
    }
}
