package dev.modunest.edge.origin;

import io.vertx.core.MultiMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells a request that has been here before: {@code CDN-Loop} (RFC 8586), a list of the edges that
 * it has passed, each with parameters that mean nothing to others.
 *
 * @param id of this edge
 */
public record CdnLoop(String id) {

    public static final String HEADER = "CDN-Loop";

    /** A token, or a host with a port (RFC 8586 2). */
    private static final Pattern ID =
            Pattern.compile(
                    "[A-Za-z0-9!#$%&'*+.^_`|~-]+|[A-Za-z0-9.-]+:[0-9]{1,5}|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?");

    public CdnLoop {
        if (id.length() > 255 || !ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "'" + id + "' names no edge: write a host, host:port or a token");
        }
    }

    /** Whether the request has passed this edge. */
    public boolean isIn(MultiMap headers) {
        if (!headers.contains(HEADER)) {
            return false;
        }
        for (String line : headers.getAll(HEADER)) {
            for (String info : split(line, ',')) {
                if (split(info, ';').getFirst().strip().equalsIgnoreCase(id)) {
                    return true;
                }
            }
        }
        return false;
    }

    void addTo(MultiMap headers) {
        headers.add(HEADER, id);
    }

    /** Splits outside of quoted strings, which parameters may have as values. */
    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == at && !quoted) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }

    /** The id of an edge without a configured one. */
    public static CdnLoop ofHost(String host, String suffix) {
        String safe = host.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
        return new CdnLoop(safe.isEmpty() ? suffix : safe + suffix);
    }
}
