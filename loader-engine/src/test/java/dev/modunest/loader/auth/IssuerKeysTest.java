package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.loader.AuthOptions.KeyOptions;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.testing.TestClock;
import dev.modunest.loader.testing.TestIssuer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

class IssuerKeysTest {

    private static final TestIssuer ONE = new TestIssuer(Algorithm.ES256, "one");
    private static final TestIssuer TWO = new TestIssuer(Algorithm.ES256, "two");

    private final TestClock clock = new TestClock();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<Runnable> background = new ArrayList<>();
    private KeyOrigin answer = () -> TestIssuer.jwks(ONE);
    private final IssuerKeys keys = keys(() -> answer.fetch());

    private IssuerKeys keys(KeyOrigin origin) {
        return new IssuerKeys(
                TestIssuer.NAME,
                () -> {
                    asked.incrementAndGet();
                    return origin.fetch();
                },
                Optional.empty(),
                new KeyOptions(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofSeconds(30)),
                clock,
                background::add);
    }

    private static String away() throws IOException {
        throw new IOException("connection refused");
    }

    private boolean finds(String kid) throws RejectedException {
        return keys.find(kid, Algorithm.ES256).isPresent();
    }

    @Test
    void asksWhenFirstNeededAndThenNotAgain() throws RejectedException {
        assertThat(asked).hasValue(0);
        assertThat(finds("one")).isTrue();
        clock.advance(Duration.ofMinutes(7));
        assertThat(finds("one")).isTrue();
        assertThat(asked).hasValue(1);
        assertThat(background).isEmpty();
    }

    @Test
    void asksBesideTheWorkBeforeKeysAreTooOld() throws RejectedException {
        finds("one");
        clock.advance(Duration.ofMinutes(8));
        answer = () -> TestIssuer.jwks(TWO);
        assertThat(finds("one")).isTrue();
        assertThat(asked).hasValue(1);
        background.forEach(Runnable::run);
        assertThat(asked).hasValue(2);
        assertThat(finds("one")).isFalse();
        assertThat(finds("two")).isTrue();
    }

    @Test
    void asksForAnUnknownKeyWithPauses() throws RejectedException {
        finds("one");
        answer = () -> TestIssuer.jwks(ONE, TWO);
        for (int i = 0; i < 100; i++) {
            assertThat(finds("two")).isFalse();
        }
        assertThat(asked).hasValue(1);
        clock.advance(Duration.ofSeconds(30));
        assertThat(finds("two")).isTrue();
        for (int i = 0; i < 100; i++) {
            assertThat(finds("three" + i)).isFalse();
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void usesKeysOnWhileTheIssuerIsAwayForTheGrace() throws RejectedException {
        finds("one");
        answer = IssuerKeysTest::away;
        clock.advance(Duration.ofMinutes(69));
        assertThat(finds("one")).isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> finds("one"))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        rejected -> {
                            assertThat(rejected.rejected().code()).isEqualTo("keys-unavailable");
                            assertThat(rejected.rejected().text())
                                    .contains("connection refused")
                                    .contains("try again");
                        });
        answer = () -> TestIssuer.jwks(ONE);
        clock.advance(Duration.ofSeconds(5));
        assertThat(finds("one")).isTrue();
    }

    @Test
    void pausesAfterTrouble() {
        answer = IssuerKeysTest::away;
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> finds("one")).isInstanceOf(RejectedException.class);
        }
        assertThat(asked).hasValue(1);
        clock.advance(Duration.ofSeconds(5));
        assertThatThrownBy(() -> finds("one")).isInstanceOf(RejectedException.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void keepsTheFormerKeysWhenTheAnswerIsUnsound() throws RejectedException {
        finds("one");
        answer = () -> "{\"keys\":[]}";
        clock.advance(Duration.ofMinutes(11));
        assertThat(finds("one")).isTrue();
        assertThat(asked).hasValue(2);
    }

    @Test
    void anInterruptedRequestIsNoTroubleOfTheIssuer() throws RejectedException {
        answer =
                () -> {
                    throw new InterruptedException();
                };
        assertThatThrownBy(() -> finds("one")).isInstanceOf(RejectedException.class);
        assertThat(Thread.interrupted()).isTrue();
        answer = () -> TestIssuer.jwks(ONE);
        assertThat(finds("one")).isTrue();
    }

    @Test
    void asksOnceForAll() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        answer =
                () -> {
                    asking.countDown();
                    go.await();
                    return TestIssuer.jwks(ONE);
                };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> found = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                found.add(threads.submit(() -> finds("one")));
            }
            asking.await();
            go.countDown();
            for (Future<Boolean> one : found) {
                assertThat(one.get()).isTrue();
            }
        }
        assertThat(asked).hasValue(1);
    }
}
