package dev.modunest.server.health;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Bounds on readiness.
 *
 * @param timeout longest wait for what the process stands on
 */
public record HealthConfig(@Default("2s") Duration timeout) {

    public HealthConfig {
        if (timeout.toMillis() < 10) {
            throw new IllegalArgumentException("timeout is at least 10ms");
        }
    }
}
