package dev.modunest.db;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * A place in the write-ahead log of Postgres, {@code pg_lsn}. Positions of one timeline are ordered
 * by time.
 */
public record LogPosition(long value) implements Comparable<LogPosition> {

    /** Before everything. */
    public static final LogPosition START = new LogPosition(0);

    /**
     * Reads the text form of Postgres, {@code 16/B374D848}.
     *
     * @throws IllegalArgumentException when it is another text
     */
    public static LogPosition parse(String text) {
        int slash = text.indexOf('/');
        try {
            if (slash >= 1 && slash <= 8 && text.length() - slash - 1 <= 8) {
                return new LogPosition(
                        ((long) Integer.parseUnsignedInt(text.substring(0, slash), 16) << 32)
                                | Integer.toUnsignedLong(
                                        Integer.parseUnsignedInt(text.substring(slash + 1), 16)));
            }
        } catch (NumberFormatException notHexadecimal) {
            throw malformed(text, notHexadecimal);
        }
        throw malformed(text, null);
    }

    private static IllegalArgumentException malformed(
            String text, @Nullable NumberFormatException cause) {
        return new IllegalArgumentException(
                "a log position is two hexadecimal numbers with a slash, not '" + text + "'",
                cause);
    }

    /** The bytes of log from {@code earlier} to this; 0 when this is not later. */
    public long bytesSince(LogPosition earlier) {
        return isBefore(earlier) ? 0 : value - earlier.value;
    }

    public boolean isBefore(LogPosition other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(LogPosition other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xFFFF_FFFFL);
    }
}
