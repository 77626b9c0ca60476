package dev.modunest.server.download;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.Semaphore;

class IndexReachTest {

    private final Semaphore asked = new Semaphore(0);
    private final Semaphore answer = new Semaphore(0);
    private volatile boolean unreachable;

    private final IndexReach reach =
            new IndexReach(
                    () -> unreachable,
                    () -> {
                        asked.release();
                        answer.acquireUninterruptibly();
                    });

    @Test
    void believesTheOtherConnectionUntilItHasSeenForItself() {
        assertThat(reach.isAway()).isFalse();
        unreachable = true;
        assertThat(reach.isAway()).isTrue();
        reach.answered();
        assertThat(reach.isAway()).isFalse();
        reach.failed();
        unreachable = false;
        assertThat(reach.isAway()).isTrue();
        reach.forget();
        assertThat(reach.isAway()).isFalse();
    }

    @Test
    void probesOnceAtATime() {
        reach.failed();
        reach.probe();
        asked.acquireUninterruptibly();
        reach.probe();
        assertThat(asked.tryAcquire()).isFalse();
        assertThat(reach.isAway()).isTrue();
        answer.release();
        while (reach.isAway()) {
            Thread.onSpinWait();
        }
    }
}
