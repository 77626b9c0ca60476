package dev.modunest.loader.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class MirrorsTest {

    private static final URI REGISTRY = URI.create("http://registry");
    private static final URI ONE = URI.create("http://one");
    private static final URI TWO = URI.create("http://two");

    private long now;
    private final Mirrors mirrors =
            new Mirrors(Optional.of(REGISTRY), List.of(ONE, TWO, REGISTRY), () -> now);

    @Test
    void asksTheRegistryFirstAndEachOnce() {
        assertThat(mirrors.inOrder()).containsExactly(REGISTRY, ONE, TWO);
    }

    @Test
    void asksOneThatFailedLastForHalfAMinute() {
        mirrors.failed(REGISTRY);
        assertThat(mirrors.inOrder()).containsExactly(ONE, TWO, REGISTRY);
        now += Duration.ofSeconds(30).toNanos();
        assertThat(mirrors.inOrder()).containsExactly(REGISTRY, ONE, TWO);
    }

    @Test
    void asksOneThatServesAgainInItsPlace() {
        mirrors.failed(REGISTRY);
        mirrors.failed(ONE);
        mirrors.served(REGISTRY);
        assertThat(mirrors.inOrder()).containsExactly(REGISTRY, TWO, ONE);
    }
}
