package dev.modunest.edge.serve;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * The edge's own port.
 *
 * @param port 0: any free one
 * @param eventLoops 0: one per core
 * @param idleTimeout without a byte in either direction
 * @param maxRequestLine longer ones are answered 414
 * @param maxHeaders of one request, in sum; more is answered 431
 * @param backlog connections that wait to be accepted
 */
public record ListenSettings(
        @Default("127.0.0.1") String address,
        @Default("8081") int port,
        @Default("0") int eventLoops,
        @Default("75s") Duration idleTimeout,
        @Default("8KiB") ByteSize maxRequestLine,
        @Default("8KiB") ByteSize maxHeaders,
        @Default("1024") int backlog) {

    public ListenSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ": write 0 to 65535");
        }
        if (eventLoops < 0 || eventLoops > 1024) {
            throw new IllegalArgumentException(
                    "event_loops is " + eventLoops + ": write 0 to 1024");
        }
        if (idleTimeout.toMillis() < 1 || idleTimeout.toDays() > 20) {
            throw new IllegalArgumentException("idle_timeout is out of range: 1ms to 20d");
        }
        if (maxRequestLine.bytes() > 1 << 20 || maxHeaders.bytes() > 1 << 20) {
            throw new IllegalArgumentException("max_request_line and max_headers are at most 1MiB");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be above zero");
        }
    }
}
