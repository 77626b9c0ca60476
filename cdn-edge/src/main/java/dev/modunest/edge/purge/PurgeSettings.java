package dev.modunest.edge.purge;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Following the origin's events.
 *
 * @param heartbeatTimeout a stream without an event for so long is given up and opened again
 * @param reconnectMin wait before the stream is opened again; doubles with every failure
 * @param reconnectMax longest wait
 * @param maxEvent of the text of one event; more ends the stream
 * @param maxPlugins whose last change is remembered; for others every change counts
 * @param maxRefusals withdrawn artifacts that are remembered, and purged ones
 * @param maxRecent heap for the names of the last purges by name; a fetch that began before the
 *     oldest of them is not stored
 */
public record PurgeSettings(
        @Default("15s") Duration heartbeatTimeout,
        @Default("100ms") Duration reconnectMin,
        @Default("10s") Duration reconnectMax,
        @Default("64KiB") ByteSize maxEvent,
        @Default("100000") int maxPlugins,
        @Default("100000") int maxRefusals,
        @Default("16MiB") ByteSize maxRecent) {

    public PurgeSettings {
        if (heartbeatTimeout.toMillis() < 10) {
            throw new IllegalArgumentException("heartbeat_timeout is at least 10ms");
        }
        if (reconnectMin.toMillis() < 1 || reconnectMax.compareTo(reconnectMin) < 0) {
            throw new IllegalArgumentException(
                    "reconnect_min is at least 1ms, and reconnect_max not less");
        }
        if (maxEvent.bytes() < 1024 || maxEvent.bytes() > 16 << 20) {
            throw new IllegalArgumentException("max_event is 1KiB to 16MiB, not " + maxEvent);
        }
        if (maxPlugins < 1 || maxRefusals < 1) {
            throw new IllegalArgumentException("max_plugins and max_refusals are above zero");
        }
        if (maxRecent.bytes() > 1 << 30) {
            throw new IllegalArgumentException("max_recent is at most 1GiB, not " + maxRecent);
        }
    }
}
