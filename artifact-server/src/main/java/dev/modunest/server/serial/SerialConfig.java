package dev.modunest.server.serial;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How the changes of the index are followed and told.
 *
 * @param maxWait longest wait for the serial number that a request asks for
 * @param check longest time between two looks at the outbox when nothing is heard, and the longest
 *     wait for an answer to one
 * @param lease how long after a complete look the caches may be used
 * @param kept newest events in memory, for streams that continue
 * @param maxStreams most event streams at once, without those of edges
 * @param maxStreamsPerClient most of these for one account or address
 * @param maxEdgeStreams most event streams of edges, which the token of downloads tells
 * @param heartbeat longest silence on an event stream
 */
public record SerialConfig(
        @Default("2s") Duration maxWait,
        @Default("1s") Duration check,
        @Default("5s") Duration lease,
        @Default("10000") int kept,
        @Default("256") int maxStreams,
        @Default("16") int maxStreamsPerClient,
        @Default("256") int maxEdgeStreams,
        @Default("5s") Duration heartbeat) {

    public SerialConfig {
        if (maxWait.isNegative() || maxWait.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("max_wait is 0s to 1m, not " + maxWait);
        }
        if (check.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("check is at least 10ms, not " + check);
        }
        if (lease.compareTo(check.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "lease ("
                            + lease
                            + ") is at least twice check ("
                            + check
                            + "), or the caches are never used");
        }
        if (kept < 1 || kept > 1_000_000) {
            throw new IllegalArgumentException("kept is 1 to 1000000, not " + kept);
        }
        if (maxStreams < 0 || maxEdgeStreams < 0) {
            throw new IllegalArgumentException(
                    "max_streams and max_edge_streams are at least 0, not "
                            + Math.min(maxStreams, maxEdgeStreams));
        }
        if (maxStreamsPerClient < 1) {
            throw new IllegalArgumentException(
                    "max_streams_per_client is at least 1, not " + maxStreamsPerClient);
        }
        if (heartbeat.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("heartbeat is at least 10ms, not " + heartbeat);
        }
    }
}
