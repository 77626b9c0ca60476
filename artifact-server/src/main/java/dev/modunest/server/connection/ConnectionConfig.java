package dev.modunest.server.connection;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Bounds on connections and on what stands before a body.
 *
 * @param max most connections; more wait in the backlog of the socket
 * @param backlog most connections that wait to be accepted
 * @param maxHeaders bytes of all headers of a request
 * @param maxRequestLine bytes of the request line
 * @param maxChunk bytes of one chunk of a chunked body: the web server holds a chunk in memory
 * @param stallTimeout longest read or write without a byte moving; also the life of an idle
 *     connection
 * @param lingerSize most bytes taken in after an early answer, so that the client can read it
 * @param lingerTime longest time for that
 * @param drainDelay how long the server still takes requests when it is to stop, and says that it
 *     is not ready
 * @param shutdownGrace longest wait for running requests when the server stops
 */
public record ConnectionConfig(
        @Default("10000") int max,
        @Default("1024") int backlog,
        @Default("8KiB") ByteSize maxHeaders,
        @Default("4KiB") ByteSize maxRequestLine,
        @Default("1MiB") ByteSize maxChunk,
        @Default("60s") Duration stallTimeout,
        @Default("16MiB") ByteSize lingerSize,
        @Default("2s") Duration lingerTime,
        @Default("0s") Duration drainDelay,
        @Default("10s") Duration shutdownGrace) {

    public ConnectionConfig {
        if (max < 1 || backlog < 1) {
            throw new IllegalArgumentException("max and backlog are at least 1");
        }
        requireBetween("max_headers", maxHeaders, 1 << 10, 1 << 20);
        requireBetween("max_request_line", maxRequestLine, 1 << 8, 1 << 16);
        requireBetween("max_chunk", maxChunk, 1 << 14, 1 << 26);
        if (stallTimeout.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("stall_timeout is at least 100ms");
        }
    }

    private static void requireBetween(String key, ByteSize size, long least, long most) {
        if (size.bytes() < least || size.bytes() > most) {
            throw new IllegalArgumentException(
                    key
                            + " is "
                            + new ByteSize(least)
                            + " to "
                            + new ByteSize(most)
                            + ", not "
                            + size);
        }
    }
}
