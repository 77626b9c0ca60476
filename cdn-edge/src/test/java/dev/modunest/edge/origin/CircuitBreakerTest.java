package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

final class CircuitBreakerTest {

    private final AtomicLong now = new AtomicLong();
    private final CircuitBreaker breaker =
            new CircuitBreaker(
                    new BreakerSettings(3, Duration.ofSeconds(1), Duration.ofSeconds(3), 2),
                    now::get);

    @Test
    void opensAfterFailuresInARow() {
        fail(2);
        breaker.succeeded(breaker.acquire());
        fail(2);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
        fail(1);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
        assertThat(breaker.acquire()).isEqualTo(CircuitBreaker.NONE);
    }

    @Test
    void opensAtOnceForADeadServer() {
        assertThat(breaker.failed(breaker.acquire(), true)).isTrue();
        assertThat(breaker.isPassable()).isFalse();
    }

    @Test
    void letsAsManyTrialsPassAsItMayAfterItsTime() {
        fail(3);
        pass(Duration.ofSeconds(1));
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
        long first = breaker.acquire();
        assertThat(breaker.acquire()).isNotEqualTo(CircuitBreaker.NONE);
        assertThat(breaker.acquire()).isEqualTo(CircuitBreaker.NONE);
        breaker.abandoned(first);
        assertThat(breaker.isPassable()).isTrue();
    }

    @Test
    void closesWhenATrialSucceeds() {
        fail(3);
        pass(Duration.ofSeconds(1));
        breaker.succeeded(breaker.acquire());
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void waitsTwiceAsLongAfterEveryFailedTrialUpToItsBound() {
        fail(3);
        for (int seconds : new int[] {1, 2, 3, 3}) {
            pass(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
            pass(Duration.ofNanos(1));
            assertThat(breaker.failed(breaker.acquire(), false)).isTrue();
        }
    }

    @Test
    void ignoresWhatRequestsFromBeforeTheChangeTell() {
        long old = breaker.acquire();
        fail(3);
        breaker.succeeded(old);
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
        pass(Duration.ofSeconds(1));
        assertThat(breaker.failed(old, true)).isFalse();
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    }

    @Test
    void signOfLifeLetsTrialsPassAtOnce() {
        fail(3);
        breaker.reconsider();
        assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.acquire(), false);
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
