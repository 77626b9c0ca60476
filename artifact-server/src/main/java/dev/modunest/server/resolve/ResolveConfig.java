package dev.modunest.server.resolve;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Bounds on resolving.
 *
 * @param maxBody bytes of a request
 * @param maxConcurrent searches at once, each on a thread of its own; 0: one less than there are
 *     cores, and at least one
 * @param maxPercentPerClient of these for one account or address; at least one stays free for
 *     others, unless there is one only or this is 100
 * @param maxQueued most requests that wait for their turn
 * @param maxQueuedPerClient most of one account or address
 * @param maxTime longest time for a search, the wait for its turn included
 */
public record ResolveConfig(
        @Default("1MiB") ByteSize maxBody,
        @Default("0") int maxConcurrent,
        @Default("75") int maxPercentPerClient,
        @Default("256") int maxQueued,
        @Default("64") int maxQueuedPerClient,
        @Default("10s") Duration maxTime) {

    public ResolveConfig {
        if (maxBody.bytes() < 1 << 10 || maxBody.bytes() > 64 << 20) {
            throw new IllegalArgumentException("max_body is 1KiB to 64MiB, not " + maxBody);
        }
        if (maxConcurrent < 0 || maxConcurrent > 1024) {
            throw new IllegalArgumentException("max_concurrent is 0 to 1024, not " + maxConcurrent);
        }
        if (maxPercentPerClient < 1 || maxPercentPerClient > 100) {
            throw new IllegalArgumentException(
                    "max_percent_per_client is 1 to 100, not " + maxPercentPerClient);
        }
        if (maxQueued < 0 || maxQueuedPerClient < 0) {
            throw new IllegalArgumentException(
                    "max_queued and max_queued_per_client are not negative");
        }
        if (maxTime.toMillis() < 10 || maxTime.toMinutes() > 10) {
            throw new IllegalArgumentException("max_time is 10ms to 10m, not " + maxTime);
        }
    }

    /** How many searches there are at once on this machine. */
    int solvers() {
        return maxConcurrent > 0
                ? maxConcurrent
                : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
}
