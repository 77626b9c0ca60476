package dev.modunest.server.token;

import java.time.Instant;

/**
 * A key that signs for a time, ready for use.
 *
 * @param use what it signs and verifies with
 */
record SigningKey<K>(String kid, K use, Instant activeAt, Instant retiredAt, Instant expiresAt) {

    boolean signsAt(Instant now) {
        return !now.isBefore(activeAt) && now.isBefore(retiredAt);
    }
}
