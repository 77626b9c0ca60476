package dev.modunest.edge.cache;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The directives of {@code Cache-Control} (RFC 9111 5.2) or of {@code CDN-Cache-Control} (RFC
 * 9213), names in lower case. Of a directive that is repeated the first counts.
 */
public final class CacheControl {

    /** Nothing is said. */
    public static final CacheControl NONE = new CacheControl(Map.of());

    /** Longer times are this long: 68 years, RFC 9111 1.2.2. */
    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private static final int MAX_DIGITS = 10;

    private final Map<String, String> directives;

    private CacheControl(Map<String, String> directives) {
        this.directives = directives;
    }

    /** Reads the lines of one header. What is no directive is passed over. */
    public static CacheControl parse(List<String> lines) {
        if (lines.isEmpty()) {
            return NONE;
        }
        Map<String, String> directives = new HashMap<>();
        for (String line : lines) {
            int at = 0;
            while (at < line.length()) {
                int end = endOfMember(line, at);
                String member = line.substring(at, end);
                int equals = member.indexOf('=');
                String name = equals < 0 ? member : member.substring(0, equals);
                String argument = equals < 0 ? "" : member.substring(equals + 1).strip();
                directives.putIfAbsent(name.strip().toLowerCase(Locale.ROOT), unquoted(argument));
                at = end + 1;
            }
        }
        return new CacheControl(directives);
    }

    /**
     * Reads the lines of a targeted field; empty when they are no dictionary (RFC 9651 3.2) or a
     * time is no integer, so that the field has to be ignored (RFC 9213 2.1). Keys may have any
     * case.
     */
    public static Optional<CacheControl> parseTargeted(List<String> lines) {
        return lines.isEmpty()
                ? Optional.empty()
                : StructuredDictionary.parse(String.join(",", lines).toLowerCase(Locale.ROOT))
                        .map(CacheControl::new);
    }

    public boolean has(String directive) {
        return directives.containsKey(directive);
    }

    /** The seconds of a directive; -1 when it is absent or not a number. */
    public long seconds(String directive) {
        @Nullable String argument = directives.get(directive);
        return argument == null ? -1 : deltaSeconds(argument);
    }

    /** Delta seconds (RFC 9111 1.2.2); -1 when it is none. */
    public static long deltaSeconds(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        String significant = text.replaceFirst("^0+(?=.)", "");
        return significant.length() > MAX_DIGITS
                ? MAX_SECONDS
                : Math.min(MAX_SECONDS, Long.parseLong(significant));
    }

    /** The comma that ends the member, outside of quoted strings (RFC 9110 5.6.4). */
    private static int endOfMember(String line, int from) {
        boolean quoted = false;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return line.length();
    }

    private static String unquoted(String argument) {
        return argument.length() >= 2 && argument.startsWith("\"") && argument.endsWith("\"")
                ? argument.substring(1, argument.length() - 1)
                : argument;
    }
}
