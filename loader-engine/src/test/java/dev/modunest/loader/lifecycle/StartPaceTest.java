package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class StartPaceTest {

    private final RankedPermits permits = new RankedPermits(500);
    private final CountDownLatch end = new CountDownLatch(1);

    private Thread waiting() {
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        end.await();
                                    } catch (InterruptedException stopped) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    /** All permits there are: more than that is cut down to it. */
    private long all() throws InterruptedException {
        long all = permits.acquire(Long.MAX_VALUE, 0);
        permits.release(all);
        return all;
    }

    @Test
    void whatWaitsWhileItStartsMakesRoomForOthers() throws InterruptedException {
        StartPace pace = new StartPace(permits, 2, 10);
        assertThat(all()).isEqualTo(2);
        List<Thread> threads = new ArrayList<>();
        for (long expected : new long[] {4, 6, 8, 10, 10}) {
            Thread thread = waiting();
            threads.add(thread);
            pace.joined(thread);
            pace.adapt();
            assertThat(all()).isEqualTo(expected);
        }
        end.countDown();
        threads.forEach(pace::left);
        pace.adapt();
        assertThat(all()).isEqualTo(2);
    }

    @Test
    void aBudgetOfOneStaysOne() throws InterruptedException {
        StartPace pace = new StartPace(permits, 2, 1);
        pace.joined(waiting());
        pace.adapt();
        assertThat(all()).isEqualTo(1);
        end.countDown();
    }
}
