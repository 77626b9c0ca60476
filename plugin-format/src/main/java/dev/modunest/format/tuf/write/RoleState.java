package dev.modunest.format.tuf.write;

import java.time.Duration;
import java.time.Instant;

/**
 * Where one role is.
 *
 * @param version the published one
 * @param used the highest that was ever written; its number is not used again, as a cache may have
 *     the file
 * @param expires of the published one
 */
public record RoleState(long version, long used, Instant expires) {

    public RoleState {
        if (version < 1 || used < version) {
            throw new IllegalArgumentException("versions are from 1, and " + used + " is the last");
        }
    }

    /** The number for what is written next. */
    long next() {
        return used + 1;
    }

    boolean isDue(SigningTerms.Term term, Instant now) {
        Duration left = Duration.between(now, expires);
        return left.compareTo(term.validity().minus(term.renewal())) <= 0;
    }

    RoleState afterAttempt(RoleState attempted) {
        return new RoleState(version, Math.max(used, attempted.used), expires);
    }
}
