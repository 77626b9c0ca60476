package dev.modunest.server.password;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When an account takes the next password (NIST SP 800-63B, rate limiting): not a fixed lock, with
 * which anybody could keep its owner out, but a wait that doubles up to a bound.
 */
public final class LockOut {

    private LockOut() {}

    /**
     * The end of the lock after so many failures in a row, the last of them at {@code lastFailure};
     * empty while there are too few for one.
     */
    public static Optional<Instant> until(int failures, Instant lastFailure, LockOutConfig config) {
        if (failures < config.failures()) {
            return Optional.empty();
        }
        Duration wait = config.first();
        for (int further = failures - config.failures();
                further > 0 && wait.compareTo(config.longest()) < 0;
                further--) {
            wait = wait.multipliedBy(2);
        }
        return Optional.of(
                lastFailure.plus(wait.compareTo(config.longest()) < 0 ? wait : config.longest()));
    }
}
