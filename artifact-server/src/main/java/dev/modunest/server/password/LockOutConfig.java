package dev.modunest.server.password;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * How long an account takes no password after failures.
 *
 * @param failures in a row that begin it
 * @param first time; each further failure doubles it
 * @param longest time
 */
public record LockOutConfig(
        @Default("5") int failures,
        @Default("1s") Duration first,
        @Default("15m") Duration longest) {

    public LockOutConfig {
        if (failures < 1 || failures > 100) {
            throw new IllegalArgumentException("failures is 1 to 100, not " + failures);
        }
        if (first.toMillis() < 1
                || longest.compareTo(first) < 0
                || longest.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("first is at least 1ms, and longest is first to 1d");
        }
    }
}
