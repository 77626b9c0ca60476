package dev.modunest.server.announce;

import dev.modunest.settings.Default;
import dev.modunest.settings.Secret;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Announcing this server to edges as one of their origin servers.
 *
 * @param edges the administration of each, {@code http://host:port}; none: nothing is announced
 * @param token their {@code admin.token}
 * @param uri where edges reach this server
 * @param interval between two announcements; each holds for three of them
 * @param timeout of one announcement
 */
public record AnnounceConfig(
        List<URI> edges,
        Optional<Secret> token,
        Optional<URI> uri,
        @Default("10s") Duration interval,
        @Default("2s") Duration timeout) {

    private static final int MAX_EDGES = 1000;

    /** Announcements that may be lost, one after the other, before edges leave the server. */
    private static final int LOST = 3;

    public AnnounceConfig {
        edges = List.copyOf(edges);
        if (edges.size() > MAX_EDGES) {
            throw new IllegalArgumentException("edges has at most " + MAX_EDGES);
        }
        if (!edges.isEmpty() && (token.isEmpty() || uri.isEmpty())) {
            throw new IllegalArgumentException("edges needs token and uri");
        }
        edges.forEach(edge -> requireHttp("edges", edge));
        uri.ifPresent(own -> requireHttp("uri", own));
        if (interval.toMillis() < 10 || interval.toHours() > 1) {
            throw new IllegalArgumentException("interval is 10ms to 1h");
        }
        if (timeout.toMillis() < 1 || timeout.toMinutes() > 1) {
            throw new IllegalArgumentException("timeout is 1ms to 1m");
        }
    }

    private static void requireHttp(String key, URI uri) {
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getRawPath().length() > 1) {
            throw new IllegalArgumentException(
                    key + " has '" + uri + "': write http://host:port or https://host:port");
        }
    }

    /** Names the server {@code own} at the edges. */
    static String id(URI own) {
        return (own.getHost() + (own.getPort() == -1 ? "" : "-" + own.getPort()))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.-]", "");
    }

    /** In seconds. */
    long ttl() {
        return Math.max(1, interval.multipliedBy(LOST).toSeconds());
    }
}
