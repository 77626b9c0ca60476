package dev.modunest.edge.origin;

import io.vertx.core.MultiMap;

import org.jspecify.annotations.Nullable;

/** The serial numbers of the registry in HTTP headers. */
public final class Serials {

    /** In a response: it shows at least this state. */
    public static final String SHOWN = "Registry-Serial";

    /** In a request: it wants no older state than this. */
    public static final String MIN = "Registry-Min-Serial";

    /** The value of a header that is no serial number. */
    public static final long MALFORMED = -1;

    private Serials() {}

    /** What a response shows; {@code otherwise} when it does not tell. */
    public static long shown(MultiMap headers, long otherwise) {
        @Nullable String text = headers.get(SHOWN);
        long serial = text == null ? MALFORMED : parse(text);
        return serial == MALFORMED ? otherwise : serial;
    }

    /** What a request wants: 0 when nothing, {@link #MALFORMED} when it cannot be read. */
    public static long wanted(MultiMap headers) {
        @Nullable String text = headers.get(MIN);
        return text == null ? 0 : parse(text);
    }

    private static long parse(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return MALFORMED;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return MALFORMED;
            }
        }
        return Long.parseLong(text);
    }
}
