package dev.modunest.format.http;

/** Comparison of entity tags (RFC 9110 8.8.3.2, 13.1). */
public final class EntityTags {

    private EntityTags() {}

    /**
     * Whether the value of {@code If-None-Match} names {@code current}, by weak comparison; {@code
     * *} names any.
     */
    public static boolean matchesWeakly(String header, String current) {
        String opaque = opaque(current);
        int at = 0;
        while (at < header.length()) {
            char c = header.charAt(at);
            if (c == ' ' || c == '\t' || c == ',') {
                at++;
                continue;
            }
            if (c == '*') {
                return true;
            }
            int open = header.startsWith("W/", at) ? at + 2 : at;
            if (open >= header.length() || header.charAt(open) != '"') {
                return false;
            }
            int close = header.indexOf('"', open + 1);
            if (close < 0) {
                return false;
            }
            if (header.substring(open, close + 1).equals(opaque)) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }

    /**
     * Whether the value of {@code If-Range} is {@code current}, by strong comparison; dates never
     * match.
     */
    public static boolean matchesStrongly(String header, String current) {
        return !current.startsWith("W/") && header.strip().equals(current);
    }

    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
