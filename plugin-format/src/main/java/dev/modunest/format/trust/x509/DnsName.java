package dev.modunest.format.trust.x509;

import java.util.Locale;
import java.util.regex.Pattern;

/** Host names as certificates have them (RFC 1034 3.5, RFC 1123 2.1, RFC 9525 6.3). */
final class DnsName {

    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final int MAX_LENGTH = 253;

    private DnsName() {}

    /** Whether the name is one of a host: labels of letters, digits and hyphens. */
    static boolean isHost(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the name is one of a host, or has {@code *} for its first label and two more. */
    static boolean isPattern(String name) {
        return name.startsWith("*.")
                ? isHost(name.substring(2)) && name.indexOf('.', 2) > 0
                : isHost(name);
    }

    /** Whether the pattern stands for the host: {@code *} for one whole label. */
    static boolean matches(String pattern, String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        String given = pattern.toLowerCase(Locale.ROOT);
        if (!isPattern(given) || !isHost(wanted)) {
            return false;
        }
        if (!given.startsWith("*.")) {
            return given.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        return dot > 0 && wanted.substring(dot).equals(given.substring(1));
    }
}
