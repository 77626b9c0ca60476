package dev.modunest.server.lifecycle;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * When releases may be deleted and when their bytes go.
 *
 * @param window how long after its publish an owner may delete a release that others require
 * @param keepBytes how long the bytes of a deleted release stay in the storage, unserved
 * @param period between two looks for bytes to remove
 */
public record DeleteConfig(
        @Default("72h") Duration window,
        @Default("0s") Duration keepBytes,
        @Default("1m") Duration period) {

    public DeleteConfig {
        if (window.isNegative() || keepBytes.isNegative()) {
            throw new IllegalArgumentException("window and keep_bytes are at least 0s");
        }
        if (period.toMillis() < 10) {
            throw new IllegalArgumentException("period is at least 10ms, not " + period);
        }
    }
}
