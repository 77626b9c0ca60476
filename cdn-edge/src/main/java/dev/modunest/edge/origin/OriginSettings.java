package dev.modunest.edge.origin;

import dev.modunest.settings.Default;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the origin is, how one of its servers is chosen, and how long it is waited for.
 *
 * @param uris {@code http://host:port} or {@code https://host:port} of each server that is always
 *     there
 * @param caFile certificates in PEM that vouch for https servers instead of those of the JVM
 * @param maxServers found, registered and always there; more are left out
 * @param connectTimeout for a connection, the wait for a free one of the pool included
 * @param tlsTimeout for the TLS handshake
 * @param firstByteTimeout from the end of the request to the head of the response
 * @param idleTimeout without a byte in either direction in the middle of an exchange
 * @param exchangeTimeout for all of an exchange that has an end
 * @param keepAliveTimeout of an unused connection
 * @param poolSize connections to each server
 * @param queueSize requests that may wait for a connection to a server; more are answered 503
 * @param maxStreams responses that do not end, on connections of their own; more are answered 503
 */
public record OriginSettings(
        List<URI> uris,
        Optional<Path> caFile,
        @Default("least_loaded") Choice choice,
        @Default("64") int maxServers,
        @Default("2s") Duration connectTimeout,
        @Default("5s") Duration tlsTimeout,
        @Default("15s") Duration firstByteTimeout,
        @Default("30s") Duration idleTimeout,
        @Default("1h") Duration exchangeTimeout,
        @Default("30s") Duration keepAliveTimeout,
        @Default("128") int poolSize,
        @Default("1024") int queueSize,
        @Default("64") int maxStreams,
        ProbeSettings probe,
        BreakerSettings breaker,
        RetrySettings retry,
        HedgeSettings hedge) {

    public OriginSettings {
        uris = List.copyOf(uris);
        long servers = uris.stream().map(uri -> new OriginAddress(uri).id()).distinct().count();
        if (servers < uris.size()) {
            throw new IllegalArgumentException("uris names a server twice");
        }
        if (maxServers < Math.max(1, uris.size()) || maxServers > 1000) {
            throw new IllegalArgumentException(
                    "max_servers is 1 to 1000, and not less than uris has");
        }
        requirePositive("connect_timeout", connectTimeout.toMillis());
        requirePositive("tls_timeout", tlsTimeout.toMillis());
        requirePositive("first_byte_timeout", firstByteTimeout.toMillis());
        requirePositive("idle_timeout", idleTimeout.toMillis());
        requirePositive("exchange_timeout", exchangeTimeout.toMillis());
        requirePositive("keep_alive_timeout", keepAliveTimeout.toSeconds());
        requirePositive("pool_size", poolSize);
        requirePositive("queue_size", queueSize);
        requirePositive("max_streams", maxStreams);
    }

    private static void requirePositive(String key, long value) {
        if (value <= 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(key + " is out of range: it must be above zero");
        }
    }
}
