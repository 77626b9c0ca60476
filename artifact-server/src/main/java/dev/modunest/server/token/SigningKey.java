package dev.modunest.server.token;

import com.auth0.jwt.algorithms.Algorithm;

import java.security.interfaces.ECPublicKey;
import java.time.Instant;

/** A key of access tokens, ready to sign and to verify. */
record SigningKey(
        String kid,
        ECPublicKey publicKey,
        Algorithm algorithm,
        Instant activeAt,
        Instant retiredAt,
        Instant expiresAt) {

    boolean signsAt(Instant now) {
        return !now.isBefore(activeAt) && now.isBefore(retiredAt);
    }
}
