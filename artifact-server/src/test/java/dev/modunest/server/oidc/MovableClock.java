package dev.modunest.server.oidc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** Time that passes when told to. */
final class MovableClock implements InstantSource {

    private final AtomicReference<Instant> now = new AtomicReference<>(TestIssuer.NOW);

    void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
