package dev.modunest.edge.fill;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Fills of the disk tier.
 *
 * @param maxConcurrent objects filled at the same time; a request that needs one more is answered
 *     503
 * @param buffer of one fill between the origin's connection and the disk
 * @param retryAfter told with that 503
 * @param maxNames paths by name whose digest is remembered
 */
public record FillSettings(
        @Default("64") int maxConcurrent,
        @Default("256KiB") ByteSize buffer,
        @Default("1s") Duration retryAfter,
        @Default("100000") int maxNames) {

    public FillSettings {
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("max_concurrent must be above zero");
        }
        if (buffer.bytes() < 1) {
            throw new IllegalArgumentException("buffer must be above zero");
        }
        if (maxNames < 1) {
            throw new IllegalArgumentException("max_names must be above zero");
        }
    }
}
