package dev.modunest.edge.origin;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * When an origin server is left alone.
 *
 * @param failures one after the other that open the breaker; a silent server opens it at once
 * @param openFor for which nothing is asked after the breaker has opened; doubles as long as the
 *     trials fail
 * @param openMax longest
 * @param trials requests at the same time that may find out whether the server is back
 */
public record BreakerSettings(
        @Default("5") int failures,
        @Default("2s") Duration openFor,
        @Default("30s") Duration openMax,
        @Default("1") int trials) {

    public BreakerSettings {
        if (failures < 1 || failures > 10_000) {
            throw new IllegalArgumentException("failures is 1 to 10000, not " + failures);
        }
        if (openFor.toMillis() < 1
                || openMax.compareTo(openFor) < 0
                || openMax.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "open_for is at least 1ms, open_max not less and at most 1d");
        }
        if (trials < 1 || trials > 1000) {
            throw new IllegalArgumentException("trials is 1 to 1000, not " + trials);
        }
    }
}
