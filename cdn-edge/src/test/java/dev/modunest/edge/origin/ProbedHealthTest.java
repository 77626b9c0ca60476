package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class ProbedHealthTest {

    private final ProbedHealth health =
            new ProbedHealth(
                    new ProbeSettings("/", Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3));

    @Test
    void fallsAndRisesAfterResultsInARow() {
        assertThat(health.isUp()).isTrue();
        assertThat(health.probed(false)).isFalse();
        assertThat(health.probed(false)).isFalse();
        assertThat(health.probed(true)).isFalse();
        assertThat(health.probed(false)).isFalse();
        assertThat(health.probed(false)).isFalse();
        assertThat(health.probed(false)).isTrue();
        assertThat(health.isUp()).isFalse();
        assertThat(health.probed(true)).isFalse();
        assertThat(health.probed(true)).isTrue();
        assertThat(health.isUp()).isTrue();
    }
}
