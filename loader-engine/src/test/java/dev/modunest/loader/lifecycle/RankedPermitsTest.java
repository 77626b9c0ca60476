package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class RankedPermitsTest {

    /** A thread that is blocked in {@code acquire} before the next line runs. */
    private static Thread waiting(RankedPermits permits, long weight, int rank, List<String> log) {
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        long taken = permits.acquire(weight, rank);
                                        log.add(weight + "@" + rank);
                                        permits.release(taken);
                                    } catch (InterruptedException cancelled) {
                                        log.add("cancelled");
                                    }
                                });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void theHighestRankGoesFirst() throws InterruptedException {
        RankedPermits permits = new RankedPermits(1);
        long held = permits.acquire(1, 0);
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int rank : new int[] {1, 5, 3}) {
            threads.add(waiting(permits, 1, rank, log));
        }
        permits.release(held);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(log).containsExactly("1@5", "1@3", "1@1");
    }

    @Test
    void nobodyOvertakesALargeRequestOfTheSameRank() throws InterruptedException {
        RankedPermits permits = new RankedPermits(10);
        long held = permits.acquire(4, 0);
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Thread large = waiting(permits, 1_000, 0, log);
        Thread small = waiting(permits, 1, 0, log);
        permits.release(held);
        large.join();
        small.join();
        assertThat(log).containsExactly("1000@0", "1@0");
    }

    @Test
    void whoGivesUpHoldsNobodyUp() throws InterruptedException {
        RankedPermits permits = new RankedPermits(2);
        long held = permits.acquire(1, 0);
        List<String> log = Collections.synchronizedList(new ArrayList<>());
        Thread large = waiting(permits, 2, 9, log);
        Thread small = waiting(permits, 1, 0, log);
        large.interrupt();
        large.join();
        small.join();
        assertThat(log).containsExactlyInAnyOrder("cancelled", "1@0");
        permits.release(held);
        assertThat(permits.acquire(2, 0)).isEqualTo(2);
    }

    @Test
    void anInterruptedThreadGetsNothingThatIsTaken() {
        RankedPermits permits = new RankedPermits(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(
                        () -> {
                            permits.acquire(1, 0);
                            permits.acquire(1, 0);
                        })
                .isInstanceOf(InterruptedException.class);
    }
}
