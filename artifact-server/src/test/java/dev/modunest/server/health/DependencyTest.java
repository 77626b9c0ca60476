package dev.modunest.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

class DependencyTest {

    private static final Instant NOW = Instant.parse("2026-11-28T01:20:00Z");

    private final Dependency dependency =
            new Dependency(
                    "storage",
                    () -> {},
                    new HealthConfig(Duration.ofMinutes(2), Duration.ofMinutes(1)),
                    () -> NOW);

    private static long ago(Duration time) {
        return System.nanoTime() - time.toNanos();
    }

    @Test
    void whatAnswersInTimeIsUpAndWhatIsLateIsSlow() {
        CompletableFuture<Boolean> answer = CompletableFuture.completedFuture(true);

        assertThat(dependency.up()).isNaN();
        assertThat(dependency.await(answer, ago(Duration.ZERO)).status()).isEqualTo("up");
        assertThat(dependency.await(answer, ago(Duration.ofSeconds(90))).status())
                .isEqualTo("slow");
        assertThat(dependency.up()).isOne();
    }

    @Test
    void whatFailsIsDownAndItsLastErrorStays() {
        Dependency.State down =
                dependency.await(
                        CompletableFuture.failedFuture(new IllegalStateException("refused")),
                        ago(Duration.ZERO));
        assertThat(down.status()).isEqualTo("down");
        assertThat(dependency.up()).isZero();

        Dependency.State again =
                dependency.await(
                        CompletableFuture.completedFuture(true), ago(Duration.ofSeconds(90)));

        assertThat(dependency.document(again).toString())
                .contains("\"status\":\"slow\"", "\"latency_ms\":9")
                .contains("refused", "\"last_error_at\":\"2026-11-28T01:20:00Z\"");
    }
}
