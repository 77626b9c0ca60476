package dev.modunest.server.idempotency;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How mutations are repeated.
 *
 * @param keep how long the first answer is told again
 */
public record IdempotencyConfig(@Default("48h") Duration keep) {

    public IdempotencyConfig {
        if (keep.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("keep is at least 1m");
        }
    }
}
