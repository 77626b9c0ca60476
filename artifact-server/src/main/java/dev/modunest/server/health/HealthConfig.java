package dev.modunest.server.health;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Bounds on readiness.
 *
 * @param timeout longest wait for what the process stands on
 * @param slow an answer that takes longer degrades the process
 */
public record HealthConfig(@Default("2s") Duration timeout, @Default("1s") Duration slow) {

    public HealthConfig {
        if (timeout.toMillis() < 10 || slow.toMillis() < 1) {
            throw new IllegalArgumentException("timeout is at least 10ms and slow at least 1ms");
        }
    }
}
