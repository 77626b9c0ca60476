package dev.modunest.db.trust;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Why a certificate does not hold any more.
 *
 * @param at when it was said
 * @param reason one of {@link #REASONS}
 * @param invalidFrom of a compromised key: from when its signatures are bad
 */
public record Revocation(Instant at, String reason, Optional<Instant> invalidFrom) {

    public static final String KEY_COMPROMISE = "key-compromise";
    public static final Set<String> REASONS =
            Set.of(KEY_COMPROMISE, "superseded", "cessation-of-operation");

    public Revocation {
        if (!REASONS.contains(reason) || invalidFrom.isPresent() != reason.equals(KEY_COMPROMISE)) {
            throw new IllegalArgumentException(
                    "a reason is one of " + REASONS + ", " + KEY_COMPROMISE + " alone with a time");
        }
    }
}
