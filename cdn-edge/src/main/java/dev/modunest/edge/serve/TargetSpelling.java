package dev.modunest.edge.serve;

import java.util.Locale;

/**
 * Writes path and query as RFC 3986 6.2.2 says. A character outside of the grammar that browsers
 * send all the same ({@code " < > [ ] ^ ` { | }}) is escaped; others, a fragment and an escaped NUL
 * are refused, and so is an escaped slash or backslash that makes a dot segment for who decodes it.
 */
final class TargetSpelling {

    private static final String ESCAPED = "\"<>[]^`{|}";
    private static final boolean[] PLAIN = new boolean[128];
    private static final boolean[] UNRESERVED = new boolean[128];

    static {
        for (char c = 0; c < 128; c++) {
            boolean word =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            UNRESERVED[c] = word || "-._~".indexOf(c) >= 0;
            PLAIN[c] = UNRESERVED[c] || "!$&'()*+,;=:@".indexOf(c) >= 0;
        }
    }

    private TargetSpelling() {}

    /** Whether a path segment and a query may have {@code c} as it is. */
    static boolean isPlain(char c) {
        return c < 128 && PLAIN[c];
    }

    /** Normalizes a target that begins with a slash. */
    static String normalize(String raw) throws MalformedTargetException {
        int mark = raw.indexOf('?');
        String path = respell(mark < 0 ? raw : raw.substring(0, mark), false);
        refuseHiddenDots(path);
        String normal = withoutDots(path);
        return mark < 0 ? normal : normal + "?" + respell(raw.substring(mark + 1), true);
    }

    private static String respell(String raw, boolean query) throws MalformedTargetException {
        StringBuilder out = new StringBuilder(raw.length() + 8);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (isPlain(c) || c == '/' || (query && c == '?')) {
                out.append(c);
            } else if (c == '%') {
                appendEscape(out, escaped(raw, i));
                i += 2;
            } else if (ESCAPED.indexOf(c) >= 0) {
                appendEscape(out, c);
            } else {
                throw new MalformedTargetException(
                        c == '#'
                                ? "A request target has no fragment."
                                : String.format(
                                        Locale.ROOT,
                                        "The request target has the character 0x%02x; escape it.",
                                        (int) c));
            }
        }
        return out.toString();
    }

    private static int escaped(String raw, int percent) throws MalformedTargetException {
        int high = percent + 2 < raw.length() ? Character.digit(raw.charAt(percent + 1), 16) : -1;
        int low = percent + 2 < raw.length() ? Character.digit(raw.charAt(percent + 2), 16) : -1;
        if (high < 0 || low < 0 || raw.charAt(percent + 1) > 127 || raw.charAt(percent + 2) > 127) {
            throw new MalformedTargetException(
                    "A percent sign in the request target must begin an escape of two hex digits.");
        }
        int octet = (high << 4) | low;
        if (octet == 0) {
            throw new MalformedTargetException("The request target has an escaped NUL.");
        }
        return octet;
    }

    private static void appendEscape(StringBuilder out, int octet) {
        if (octet < 128 && UNRESERVED[octet]) {
            out.append((char) octet);
        } else {
            out.append('%')
                    .append(Character.toUpperCase(Character.forDigit(octet >> 4, 16)))
                    .append(Character.toUpperCase(Character.forDigit(octet & 15, 16)));
        }
    }

    private static void refuseHiddenDots(String path) throws MalformedTargetException {
        if (!path.contains("%2F") && !path.contains("%5C")) {
            return;
        }
        for (String segment : path.split("/", -1)) {
            String[] parts = segment.split("%2F|%5C", -1);
            for (String part : parts) {
                if (parts.length > 1 && (part.equals(".") || part.equals(".."))) {
                    throw new MalformedTargetException(
                            "The request target has a dot segment behind an escaped slash or"
                                    + " backslash.");
                }
            }
        }
    }

    /** RFC 3986 5.2.4. */
    private static String withoutDots(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        int at = 0;
        while (at < path.length()) {
            int end = path.indexOf('/', at + 1);
            boolean last = end < 0;
            String segment = path.substring(at + 1, last ? path.length() : end);
            switch (segment) {
                case "." -> {
                    if (last) {
                        out.append('/');
                    }
                }
                case ".." -> {
                    out.setLength(Math.max(0, out.lastIndexOf("/")));
                    if (last) {
                        out.append('/');
                    }
                }
                default -> out.append('/').append(segment);
            }
            at = last ? path.length() : end;
        }
        return out.toString();
    }
}
