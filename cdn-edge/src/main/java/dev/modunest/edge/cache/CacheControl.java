package dev.modunest.edge.cache;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The directives of {@code Cache-Control} (RFC 9111 5.2), names in lower case. */
public final class CacheControl {

    /** Longer times are this long: 68 years, RFC 9111 1.2.2. */
    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private final Map<String, String> directives = new HashMap<>();

    private CacheControl() {}

    public static CacheControl parse(List<String> values) {
        CacheControl parsed = new CacheControl();
        for (String value : values) {
            for (String directive : value.split(",", -1)) {
                int equals = directive.indexOf('=');
                String name = equals < 0 ? directive : directive.substring(0, equals);
                String argument = equals < 0 ? "" : directive.substring(equals + 1).strip();
                parsed.directives.putIfAbsent(
                        name.strip().toLowerCase(Locale.ROOT), unquoted(argument));
            }
        }
        return parsed;
    }

    public boolean has(String directive) {
        return directives.containsKey(directive);
    }

    /** The seconds of a directive; -1 when it is absent or not a number. */
    public long seconds(String directive) {
        @Nullable String argument = directives.get(directive);
        if (argument == null || argument.isEmpty()) {
            return -1;
        }
        for (int i = 0; i < argument.length(); i++) {
            if (argument.charAt(i) < '0' || argument.charAt(i) > '9') {
                return -1;
            }
        }
        return argument.length() > 10
                ? MAX_SECONDS
                : Math.min(MAX_SECONDS, Long.parseLong(argument));
    }

    private static String unquoted(String argument) {
        return argument.length() >= 2 && argument.startsWith("\"") && argument.endsWith("\"")
                ? argument.substring(1, argument.length() - 1)
                : argument;
    }
}
