package dev.modunest.edge.access;

import dev.modunest.settings.Secret;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * By which the origin gives this edge private artifacts; left out for a while after the origin has
 * refused it, so that a wrong one does not use up the attempts of the edge's address. Thread-safe.
 */
public final class EdgeCredential {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeCredential.class);

    private final Optional<String> authorization;
    private final Duration pause;
    private final InstantSource clock;
    private volatile Instant notBefore = Instant.EPOCH;

    public EdgeCredential(AccessSettings settings, InstantSource clock) {
        this.authorization = settings.token().map(EdgeCredential::authorization);
        this.pause = settings.keysRefresh();
        this.clock = clock;
    }

    static String authorization(Secret token) {
        return "Bearer " + token.value();
    }

    /** The field {@code Authorization}; empty when there is none to be sent now. */
    public Optional<String> authorization() {
        return authorization.filter(_ -> !clock.instant().isBefore(notBefore));
    }

    /** Takes up how the origin answered to it. */
    public void answered(int status) {
        if (status == 401 || status == 403) {
            LOG.warn(
                    "the origin refuses access.token with {}: private artifacts are passed through",
                    status);
            notBefore = clock.instant().plus(pause);
        }
    }
}
