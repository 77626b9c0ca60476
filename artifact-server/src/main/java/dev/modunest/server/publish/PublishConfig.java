package dev.modunest.server.publish;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;
import java.util.List;

/**
 * Bounds on publishes from the last byte of the body on.
 *
 * @param answerWithin how long a request waits for the end of its publish before 202
 * @param maxAnswerWithin the most that a client may ask for with Prefer: wait
 * @param maxConcurrent most publishes verified and made live at once
 * @param maxPercentPerPublisher of these, and of the streams, for one account; at least one stays
 *     free for others, unless there is one only or this is 100
 * @param maxQueued most publishes in the server that wait, before or after their body
 * @param maxQueuedPerPublisher most of one account
 * @param lease how long after its server's last sign another server takes a publish up
 * @param leasePeriod between two signs, and between two looks for publishes to take up
 * @param giveUp age at which a publish that cannot be finished is refused
 * @param maxStreams most clients that follow a publish by server-sent events
 * @param streamPeriod between two looks at a publish that a client follows
 * @param heartbeat longest silence on such a stream
 * @param builders whose provenance counts: ids of builders, or what ids begin with before a slash
 *     or an at sign
 * @param requireSignature whether releases without the signature of their publisher are refused
 * @param maxIndex most bytes of a plugin's document in the sparse index; hosts read up to 16 MiB
 */
public record PublishConfig(
        @Default("2s") Duration answerWithin,
        @Default("60s") Duration maxAnswerWithin,
        @Default("8") int maxConcurrent,
        @Default("75") int maxPercentPerPublisher,
        @Default("2000") int maxQueued,
        @Default("600") int maxQueuedPerPublisher,
        @Default("30s") Duration lease,
        @Default("5s") Duration leasePeriod,
        @Default("24h") Duration giveUp,
        @Default("256") int maxStreams,
        @Default("500ms") Duration streamPeriod,
        @Default("10s") Duration heartbeat,
        @Default("4MiB") ByteSize maxIndex,
        @Default("false") boolean requireSignature,
        List<String> builders) {

    private static final long MOST_INDEX = 16L << 20;

    public PublishConfig {
        if (maxConcurrent < 1 || maxQueued < 0 || maxQueuedPerPublisher < 0 || maxStreams < 0) {
            throw new IllegalArgumentException(
                    "max_concurrent is at least 1; max_queued, max_queued_per_publisher and max_streams are not negative");
        }
        if (maxIndex.bytes() > MOST_INDEX) {
            throw new IllegalArgumentException(
                    "max_index is at most 16MiB, which hosts read, not " + maxIndex);
        }
        if (maxPercentPerPublisher < 1 || maxPercentPerPublisher > 100) {
            throw new IllegalArgumentException(
                    "max_percent_per_publisher is 1 to 100, not " + maxPercentPerPublisher);
        }
        if (leasePeriod.toMillis() < 50 || streamPeriod.toMillis() < 50) {
            throw new IllegalArgumentException("lease_period and stream_period are at least 50ms");
        }
        if (lease.compareTo(leasePeriod.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "lease is at least twice lease_period, or a late sign loses it");
        }
    }
}
