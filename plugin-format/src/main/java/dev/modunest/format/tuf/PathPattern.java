package dev.modunest.format.tuf;

/**
 * A PATHPATTERN (specification 4.5): {@code *} and {@code ?} match within one segment of a path,
 * {@code [a-z]} and {@code [!a-z]} one character; matching takes time linear in both for each star.
 */
final class PathPattern {

    private PathPattern() {}

    static boolean matches(String pattern, String path) {
        String[] patterns = pattern.split("/", -1);
        String[] segments = path.split("/", -1);
        if (patterns.length != segments.length) {
            return false;
        }
        for (int i = 0; i < patterns.length; i++) {
            if (!matchesSegment(patterns[i], segments[i])) {
                return false;
            }
        }
        return true;
    }

    /** Goes back to the last star only, which is enough: an earlier one could not do better. */
    private static boolean matchesSegment(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int retry = -1;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                retry = t;
                continue;
            }
            int next = p < pattern.length() ? afterMatch(pattern, p, text.charAt(t)) : -1;
            if (next >= 0) {
                p = next;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++retry;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the pattern goes on when its element at {@code p} matches {@code c}; else -1. */
    private static int afterMatch(String pattern, int p, char c) {
        char element = pattern.charAt(p);
        if (element == '?') {
            return p + 1;
        }
        int close = element == '[' ? closing(pattern, p) : -1;
        if (close > 0) {
            return inSet(pattern, p + 1, close, c) ? close + 1 : -1;
        }
        return element == c ? p + 1 : -1;
    }

    /** A bracket that is first in its set does not close it. */
    private static int closing(String pattern, int open) {
        int first = open + 1;
        if (first < pattern.length() && pattern.charAt(first) == '!') {
            first++;
        }
        return pattern.indexOf(']', first + 1);
    }

    private static boolean inSet(String pattern, int start, int end, char c) {
        boolean negated = pattern.charAt(start) == '!';
        int i = negated ? start + 1 : start;
        boolean found = false;
        while (i < end) {
            boolean range = i + 2 < end && pattern.charAt(i + 1) == '-';
            char last = range ? pattern.charAt(i + 2) : pattern.charAt(i);
            found |= pattern.charAt(i) <= c && c <= last;
            i += range ? 3 : 1;
        }
        return found != negated;
    }
}
