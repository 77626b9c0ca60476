package dev.modunest.edge.serve;

import org.jspecify.annotations.Nullable;

/**
 * Path and query of a request in the one spelling that routes, cache key and origin see: RFC 3986
 * 6.2.2 (letters of escapes in upper case, escapes of unreserved characters decoded, dot segments
 * removed). Slashes in sequence and escaped slashes stay; nothing else is decoded. Immutable.
 */
public final class RequestTarget implements ParsedTarget {

    /** Of a request whose target is not known. */
    public static final RequestTarget NONE = new RequestTarget("");

    private final String text;
    private final String path;
    private final @Nullable String query;

    private RequestTarget(String text) {
        this.text = text;
        int mark = text.indexOf('?');
        this.path = mark < 0 ? text : text.substring(0, mark);
        this.query = mark < 0 ? null : text.substring(mark + 1);
    }

    /**
     * Reads the target of a request line, or {@code :path}: a path with or without query, or an
     * absolute http or https URI (RFC 9112 3.2.1, 3.2.2).
     */
    public static ParsedTarget parse(String raw) {
        if (isNormal(raw)) {
            return new RequestTarget(raw);
        }
        try {
            return new RequestTarget(TargetSpelling.normalize(originForm(raw)));
        } catch (MalformedTargetException malformed) {
            return new Malformed(malformed.reason());
        }
    }

    /** Begins with a slash. */
    public String path() {
        return path;
    }

    /** Without the question mark; null when there is none. */
    public @Nullable String query() {
        return query;
    }

    /** Path, question mark and query. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RequestTarget target && text.equals(target.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /**
     * Whether nothing is to be done, as for nearly every request: no escape, no segment of dots.
     */
    private static boolean isNormal(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            return false;
        }
        boolean inPath = true;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (!TargetSpelling.isPlain(c) && c != '/') {
                if (c != '?') {
                    return false;
                }
                inPath = false;
            } else if (c == '.' && inPath && raw.charAt(i - 1) == '/') {
                return false;
            }
        }
        return true;
    }

    private static String originForm(String raw) throws MalformedTargetException {
        if (raw.startsWith("/")) {
            return raw;
        }
        int authority = authority(raw);
        if (authority < 0) {
            throw new MalformedTargetException(
                    "The request target must be a path that begins with a slash, or an absolute http or"
                            + " https URI.");
        }
        int end = authority;
        while (end < raw.length() && "/?#".indexOf(raw.charAt(end)) < 0) {
            end++;
        }
        if (!Authority.isValid(raw.substring(authority, end))) {
            throw new MalformedTargetException(
                    "The authority of the request target must be a host and at most a port.");
        }
        return end < raw.length() && raw.charAt(end) == '/'
                ? raw.substring(end)
                : "/" + raw.substring(end);
    }

    private static int authority(String raw) {
        for (String scheme : new String[] {"http://", "https://"}) {
            if (raw.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return scheme.length();
            }
        }
        return -1;
    }
}
