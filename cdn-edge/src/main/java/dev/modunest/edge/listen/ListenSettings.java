package dev.modunest.edge.listen;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * The ports of the edge and the bounds of their connections.
 *
 * @param port 0: any free one
 * @param plain whether there is a port without TLS
 * @param eventLoops 0: one per core
 * @param transport by which sockets are used
 * @param idleTimeout without a byte in either direction
 * @param headerTimeout from the first byte of a request to the end of its head, and for the TLS
 *     handshake
 * @param bodyTimeout without a byte of a body that the edge is ready to read
 * @param minBodyRate bytes per second of a body, over all the time in which the edge reads it
 * @param writeTimeout without a byte taken by a client to whom there is something to send
 * @param maxRequestLine longer ones are answered 414
 * @param maxHeaders of one request, in sum; more is answered 431
 * @param backlog connections that wait to be accepted
 * @param maxConnections open at the same time, on all ports
 * @param maxConnectionsPerAddress of one IPv4 address or IPv6 /64; 0: no bound of their own
 * @param maxRequestsPerConnection the last one is answered with {@code Connection: close}
 * @param reusePort whether another edge may listen on the same port, for a restart without a gap
 * @param drainDelay from readiness going down to no new connections
 * @param drainTimeout for the responses that are running when the edge stops
 */
public record ListenSettings(
        @Default("127.0.0.1") String address,
        @Default("8081") int port,
        @Default("true") boolean plain,
        @Default("0") int eventLoops,
        @Default("auto") SocketTransport transport,
        @Default("75s") Duration idleTimeout,
        @Default("15s") Duration headerTimeout,
        @Default("30s") Duration bodyTimeout,
        @Default("1KiB") ByteSize minBodyRate,
        @Default("60s") Duration writeTimeout,
        @Default("8KiB") ByteSize maxRequestLine,
        @Default("8KiB") ByteSize maxHeaders,
        @Default("1024") int backlog,
        @Default("16384") int maxConnections,
        @Default("0") int maxConnectionsPerAddress,
        @Default("100000") int maxRequestsPerConnection,
        @Default("false") boolean reusePort,
        @Default("0s") Duration drainDelay,
        @Default("30s") Duration drainTimeout,
        Http2Bounds http2,
        TlsSettings tls) {

    public ListenSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ": write 0 to 65535");
        }
        if (eventLoops < 0 || eventLoops > 1024) {
            throw new IllegalArgumentException(
                    "event_loops is " + eventLoops + ": write 0 to 1024");
        }
        if (!plain && !tls.enabled()) {
            throw new IllegalArgumentException("plain is false, and tls.certificate is not given");
        }
        requireTime("idle_timeout", idleTimeout);
        requireTime("header_timeout", headerTimeout);
        requireTime("body_timeout", bodyTimeout);
        requireTime("write_timeout", writeTimeout);
        requireTime("drain_timeout", drainTimeout);
        if (drainDelay.isNegative() || drainDelay.toDays() > 1) {
            throw new IllegalArgumentException("drain_delay is out of range: 0s to 1d");
        }
        if (reusePort && transport == SocketTransport.NIO) {
            throw new IllegalArgumentException(
                    "reuse_port needs the transport epoll or io_uring, not nio");
        }
        if (maxRequestLine.bytes() > 1 << 20 || maxHeaders.bytes() > 1 << 20) {
            throw new IllegalArgumentException("max_request_line and max_headers are at most 1MiB");
        }
        requirePositive("backlog", backlog);
        requirePositive("max_connections", maxConnections);
        requirePositive("max_requests_per_connection", maxRequestsPerConnection);
        if (maxConnectionsPerAddress < 0) {
            throw new IllegalArgumentException("max_connections_per_address must not be negative");
        }
    }

    /** These settings, with those of {@code changed} that may change while connections are open. */
    ListenSettings changedTo(ListenSettings changed) {
        return new ListenSettings(
                address,
                port,
                plain,
                eventLoops,
                transport,
                changed.idleTimeout,
                changed.headerTimeout,
                changed.bodyTimeout,
                changed.minBodyRate,
                changed.writeTimeout,
                maxRequestLine,
                maxHeaders,
                backlog,
                changed.maxConnections,
                changed.maxConnectionsPerAddress,
                changed.maxRequestsPerConnection,
                reusePort,
                changed.drainDelay,
                changed.drainTimeout,
                http2.changedTo(changed.http2),
                tls.changedTo(changed.tls));
    }

    private static void requireTime(String key, Duration time) {
        if (time.toMillis() < 1 || time.toDays() > 20) {
            throw new IllegalArgumentException(key + " is out of range: 1ms to 20d");
        }
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be above zero");
        }
    }
}
