package dev.modunest.server.password;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Passwords of local accounts; the cost of a hash as OWASP's Password Storage Cheat Sheet advises.
 *
 * @param memory of one hash
 * @param iterations over that memory
 * @param parallelism lanes of that memory
 * @param maxConcurrent most hashes at once; each holds {@code memory}
 * @param maxWait longest wait for a turn; then 503
 * @param minLength fewest characters of a new password
 */
public record PasswordConfig(
        @Default("19MiB") ByteSize memory,
        @Default("2") int iterations,
        @Default("1") int parallelism,
        @Default("4") int maxConcurrent,
        @Default("5s") Duration maxWait,
        @Default("12") int minLength,
        LockOutConfig lockOut) {

    public PasswordConfig {
        if (memory.bytes() < 8 << 20 || memory.bytes() > 1 << 30) {
            throw new IllegalArgumentException("memory is 8MiB to 1GiB, not " + memory);
        }
        if (iterations < 1 || iterations > 100 || parallelism < 1 || parallelism > 16) {
            throw new IllegalArgumentException("iterations is 1 to 100, parallelism 1 to 16");
        }
        if (maxConcurrent < 1 || maxConcurrent > 1024) {
            throw new IllegalArgumentException("max_concurrent is 1 to 1024, not " + maxConcurrent);
        }
        if (maxWait.isNegative() || maxWait.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("max_wait is 0s to 1m, not " + maxWait);
        }
        if (minLength < 8 || minLength > 64) {
            throw new IllegalArgumentException("min_length is 8 to 64, not " + minLength);
        }
    }

    PasswordHash.Cost cost() {
        return new PasswordHash.Cost((int) (memory.bytes() >> 10), iterations, parallelism);
    }
}
