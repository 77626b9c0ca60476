package dev.modunest.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.oidc.OidcException.Reason;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class FetchedTest {

    private final MovableClock clock = new MovableClock();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Fetched<Integer> fetched =
            new Fetched<>(this::fetch, clock, Duration.ofHours(1), Duration.ofSeconds(10));

    private Integer fetch() {
        int number = fetches.incrementAndGet();
        if (broken.get()) {
            throw new OidcException(Reason.PROVIDER_UNREACHABLE, "away " + number);
        }
        return number;
    }

    @Test
    void isRememberedForItsTime() {
        assertThat(fetched.get()).isEqualTo(1);
        clock.pass(Duration.ofMinutes(59));
        assertThat(fetched.get()).isEqualTo(1);
        clock.pass(Duration.ofMinutes(1));
        assertThat(fetched.get()).isEqualTo(2);
    }

    @Test
    void aClockThatWentBackFetchesAgain() {
        assertThat(fetched.get()).isEqualTo(1);
        clock.pass(Duration.ofDays(-1));
        assertThat(fetched.get()).isEqualTo(2);
    }

    @Test
    void aFailureIsRememberedForAShorterTime() {
        broken.set(true);
        assertThatThrownBy(fetched::get).hasMessage("away 1");
        broken.set(false);
        clock.pass(Duration.ofSeconds(9));
        assertThatThrownBy(fetched::get).hasMessage("away 1");
        assertThatThrownBy(() -> fetched.refresh(Duration.ofSeconds(30))).hasMessage("away 1");
        clock.pass(Duration.ofSeconds(1));
        assertThat(fetched.get()).isEqualTo(2);
    }

    @Test
    void aRefreshIsMadeSeldom() {
        assertThat(fetched.refresh(Duration.ofSeconds(30))).isEqualTo(1);
        clock.pass(Duration.ofSeconds(29));
        assertThat(fetched.refresh(Duration.ofSeconds(30))).isEqualTo(1);
        clock.pass(Duration.ofSeconds(1));
        assertThat(fetched.refresh(Duration.ofSeconds(30))).isEqualTo(2);
        assertThat(fetched.get()).isEqualTo(2);
    }

    @Test
    void aFailedRefreshKeepsWhatIsKnownAndCountsAsOne() {
        assertThat(fetched.get()).isEqualTo(1);
        broken.set(true);
        clock.pass(Duration.ofMinutes(30));
        assertThat(fetched.refresh(Duration.ofSeconds(30))).isEqualTo(1);
        assertThat(fetched.refresh(Duration.ofSeconds(30))).isEqualTo(1);
        assertThat(fetches).hasValue(2);
        clock.pass(Duration.ofMinutes(30));
        assertThatThrownBy(fetched::get).hasMessage("away 3");
    }

    @Test
    void aFailureOfOurOwnIsNotRemembered() {
        broken.set(true);
        Thread.currentThread().interrupt();
        assertThatThrownBy(fetched::get).hasMessage("away 1");
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(fetched::get).hasMessage("away 2");

        Fetched<Integer> busy =
                new Fetched<>(
                        () -> {
                            throw new OidcException(
                                    Reason.PROVIDER_BUSY, "busy " + fetches.incrementAndGet());
                        },
                        clock,
                        Duration.ofHours(1),
                        Duration.ofSeconds(10));
        assertThatThrownBy(busy::get).hasMessage("busy 3");
        assertThatThrownBy(busy::get).hasMessage("busy 4");
    }

    @Test
    void isFetchedOnceForAllThatWait() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Fetched<Integer> slow =
                new Fetched<>(
                        () -> {
                            begun.countDown();
                            await(go);
                            return fetch();
                        },
                        clock,
                        Duration.ofHours(1),
                        Duration.ofSeconds(10));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> values =
                    IntStream.range(0, 20).mapToObj(_ -> threads.submit(slow::get)).toList();
            await(begun);
            go.countDown();
            for (Future<Integer> value : values) {
                assertThat(value.get()).isEqualTo(1);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
