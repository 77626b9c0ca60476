package dev.modunest.server.transparency;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How the transparency log is written.
 *
 * @param batch most leaves between two checkpoints
 * @param maxInterval longest time between two looks for leaves
 * @param answerWithin longest wait of a publish for the checkpoint that has its leaves
 * @param concurrency objects that are written to the storage at the same time
 */
public record LogConfig(
        @Default("64") int batch,
        @Default("1s") Duration maxInterval,
        @Default("10s") Duration answerWithin,
        @Default("16") int concurrency) {

    public LogConfig {
        if (batch < 1 || batch > 1_000) {
            throw new IllegalArgumentException("batch is 1 to 1000, not " + batch);
        }
        if (concurrency < 1 || concurrency > 256) {
            throw new IllegalArgumentException("concurrency is 1 to 256, not " + concurrency);
        }
        if (!maxInterval.isPositive() || maxInterval.compareTo(Duration.ofSeconds(60)) > 0) {
            throw new IllegalArgumentException("max_interval is up to 60s, not " + maxInterval);
        }
    }
}
