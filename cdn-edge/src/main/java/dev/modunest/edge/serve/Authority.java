package dev.modunest.edge.serve;

/** The host and port of a request, {@code uri-host [ ":" port ]} (RFC 9110 7.2, RFC 3986 3.2.2). */
public final class Authority {

    private Authority() {}

    /** Whether {@code text} is a host, a port at most after it, and no user information. */
    public static boolean isValid(String text) {
        int colon =
                text.startsWith("[") ? text.indexOf(':', text.indexOf(']') + 1) : text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        return isHost(host) && (colon < 0 || isPort(text, colon + 1));
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return host.length() > 3 && host.endsWith("]") && isLiteral(host);
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == ':' || c == '@' || !(TargetSpelling.isPlain(c) || c == '%')) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    private static boolean isLiteral(String host) {
        for (int i = 1; i < host.length() - 1; i++) {
            char c = host.charAt(i);
            if (c == '@' || !TargetSpelling.isPlain(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPort(String text, int from) {
        if (text.length() - from > 5) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
