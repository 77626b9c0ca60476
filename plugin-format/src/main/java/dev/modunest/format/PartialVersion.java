package dev.modunest.format;

import java.util.List;
import java.util.Optional;

/**
 * A version as it may stand in a range: {@code partial} of npm's range grammar, where components
 * may be missing or {@code x}. Without build metadata.
 *
 * @param prefix what stands before the first component: any of {@code v}, {@code =} and blanks
 * @param major {@link #ANY} when it is {@code x}
 * @param minor {@link #ANY} when it is {@code x} or missing
 * @param patch as {@code minor}
 * @param end where the text after it begins
 */
record PartialVersion(
        String prefix, long major, long minor, long patch, List<String> prerelease, int end) {

    static final long ANY = -1;

    /** The greatest number that npm's numbers hold exactly: 2^53-1. */
    static final long MAX_NUMBER = (1L << 53) - 1;

    /** Most digits of a number, and most characters of an identifier, that npm's grammar reads. */
    private static final int MAX_DIGITS = 257;

    private static final int MAX_LEADING_DIGITS = 256;
    private static final int MAX_TAIL = 250;

    /** Reads the longest partial version at {@code start}; empty when there is none. */
    static Optional<PartialVersion> read(String text, int start) {
        int at = start;
        while (at < text.length() && isPrefix(text.charAt(at))) {
            at++;
        }
        String prefix = text.substring(start, at);
        long[] numbers = {ANY, ANY, ANY};
        int count = 0;
        while (count < 3) {
            int end = componentEnd(text, at);
            if (end < 0) {
                break;
            }
            numbers[count++] = number(text, at, end);
            at = end;
            if (count == 3 || at >= text.length() || text.charAt(at) != '.') {
                break;
            }
            if (componentEnd(text, at + 1) < 0) {
                break;
            }
            at++;
        }
        if (count == 0) {
            return Optional.empty();
        }
        int end = count == 3 ? prereleaseEnd(text, at) : at;
        List<String> prerelease =
                end == at ? List.of() : List.of(text.substring(at + 1, end).split("\\.", -1));
        return Optional.of(
                new PartialVersion(prefix, numbers[0], numbers[1], numbers[2], prerelease, end));
    }

    /** Whether every component is a number. */
    boolean isFull() {
        return major != ANY && minor != ANY && patch != ANY;
    }

    /** Whether a number follows an {@code x}. */
    boolean isOutOfOrder() {
        return (major == ANY && minor != ANY) || (minor == ANY && patch != ANY);
    }

    static boolean isPrefix(char c) {
        return c == 'v' || c == '=' || Blanks.isBlank(c);
    }

    static boolean isComponentStart(char c) {
        return (c >= '0' && c <= '9') || c == 'x' || c == 'X' || c == '*';
    }

    static boolean isIdentifierCharacter(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    }

    /** Whether {@code identifier} may stand in a pre-release: no empty text, no leading zeros. */
    static boolean isPrereleaseIdentifier(String identifier) {
        return !identifier.isEmpty()
                && identifierEnd(identifier, 0) == identifier.length()
                && isWellFormed(identifier, 0, identifier.length());
    }

    private static int componentEnd(String text, int at) {
        if (at >= text.length() || !isComponentStart(text.charAt(at))) {
            return -1;
        }
        if (!isDigit(text.charAt(at)) || text.charAt(at) == '0') {
            return at + 1;
        }
        int end = at;
        while (end < text.length() && isDigit(text.charAt(end)) && end - at < MAX_DIGITS) {
            end++;
        }
        return end;
    }

    /** The number, or more than {@link #MAX_NUMBER} when it is more than that. */
    private static long number(String text, int from, int to) {
        if (!isDigit(text.charAt(from))) {
            return ANY;
        }
        long value = 0;
        for (int i = from; i < to && value <= MAX_NUMBER; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }

    /** The end of the pre-release at {@code at}, or {@code at} when there is none. */
    private static int prereleaseEnd(String text, int at) {
        if (at >= text.length() || text.charAt(at) != '-') {
            return at;
        }
        int last = at;
        int from = at + 1;
        while (true) {
            int end = identifierEnd(text, from);
            if (end == from || !isWellFormed(text, from, end)) {
                return last;
            }
            last = end;
            if (end >= text.length() || text.charAt(end) != '.') {
                return last;
            }
            from = end + 1;
        }
    }

    private static int identifierEnd(String text, int from) {
        int end = from;
        while (end < text.length() && isIdentifierCharacter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isWellFormed(String text, int from, int to) {
        int digits = from;
        while (digits < to && isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits == to) {
            return to - from == 1 || (text.charAt(from) != '0' && to - from <= MAX_DIGITS);
        }
        return digits - from <= MAX_LEADING_DIGITS && to - digits - 1 <= MAX_TAIL;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
