package dev.modunest.edge.origin;

import dev.modunest.settings.Default;

import java.net.URI;
import java.time.Duration;

/**
 * Where the origin is and how long it is waited for.
 *
 * @param uri {@code http://host:port}
 * @param connectTimeout for a connection, the wait for a free one of the pool included
 * @param firstByteTimeout from the end of the request to the head of the response
 * @param idleTimeout without a byte in either direction in the middle of an exchange
 * @param keepAliveTimeout of an unused connection
 * @param poolSize connections
 * @param queueSize requests that may wait for a connection; more are answered 503
 * @param maxStreams responses that do not end, on connections of their own; more are answered 503
 */
public record OriginSettings(
        URI uri,
        @Default("2s") Duration connectTimeout,
        @Default("15s") Duration firstByteTimeout,
        @Default("30s") Duration idleTimeout,
        @Default("30s") Duration keepAliveTimeout,
        @Default("128") int poolSize,
        @Default("1024") int queueSize,
        @Default("64") int maxStreams) {

    public OriginSettings {
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "uri is '" + uri + "': write http://host:port of the origin");
        }
        if (!(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))) {
            throw new IllegalArgumentException(
                    "uri has the path '" + uri.getRawPath() + "': the origin is served at /");
        }
        requirePositive("connect_timeout", connectTimeout.toMillis());
        requirePositive("first_byte_timeout", firstByteTimeout.toMillis());
        requirePositive("idle_timeout", idleTimeout.toMillis());
        requirePositive("keep_alive_timeout", keepAliveTimeout.toSeconds());
        requirePositive("pool_size", poolSize);
        requirePositive("queue_size", queueSize);
        requirePositive("max_streams", maxStreams);
    }

    int port() {
        return uri.getPort() == -1 ? 80 : uri.getPort();
    }

    private static void requirePositive(String key, long value) {
        if (value <= 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(key + " is out of range: it must be above zero");
        }
    }
}
