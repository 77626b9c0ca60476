package dev.modunest.telemetry;

import java.util.regex.Pattern;

/**
 * Masks what looks like a secret in a line of the log: the last defence, since messages of
 * libraries may repeat what they were given.
 */
final class Secrets {

    private static final String MASK = "***";

    /** Tokens of the registry, and JSON Web Tokens (RFC 7519). */
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\bmn[a-z]_[A-Za-z0-9_-]{16,}|\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    /** RFC 9110 11.6.2: scheme and credentials. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("(?i)\\b(bearer|basic|digest)(\\s+)[A-Za-z0-9._~+/=-]{6,}");

    /** A cookie, to the end of its line. */
    private static final Pattern COOKIE =
            Pattern.compile("(?i)\\b((?:set-)?cookie:\\s*)[^\\r\\n]+");

    /**
     * The end of a name and its value, in a query, a form, a header or JSON. What is before it is
     * not looked at, so that the time is linear in a line that a client can write.
     */
    private static final Pattern NAMED =
            Pattern.compile(
                    "(?i)(password|passwd|secret(?:[_-]?key)?|signature|access_token|refresh_token|api[_-]?key)"
                            + "(\"?\\s*[=:]\\s*\"?)[^\\s&\"',;}]+");

    /** RFC 3986 3.2.1: user information with a password. */
    private static final Pattern USER_INFO = Pattern.compile("(://[^/\\s:@]+:)[^/\\s@]+@");

    private Secrets() {}

    static String masked(String line) {
        String masked = TOKEN.matcher(line).replaceAll(MASK);
        masked = CREDENTIALS.matcher(masked).replaceAll("$1$2" + MASK);
        masked = COOKIE.matcher(masked).replaceAll("$1" + MASK);
        masked = NAMED.matcher(masked).replaceAll("$1$2" + MASK);
        return USER_INFO.matcher(masked).replaceAll("$1" + MASK + "@");
    }
}
