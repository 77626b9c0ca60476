package dev.modunest.loader.lifecycle;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * How many plugins start at the same time: as many as there are processors, and two more for each
 * that waits while it starts. More threads than that do not compute faster and cost memory; fewer
 * would let those that wait hold the rest up. Thread-safe.
 */
final class StartPace {

    private static final long TICK_NANOS = 2_000_000;
    private static final int FOR_EACH_WAITING = 2;

    private final RankedPermits permits;
    private final int least;
    private final int most;
    private final Set<Thread> starting = ConcurrentHashMap.newKeySet();

    StartPace(RankedPermits permits, int least, int most) {
        this.permits = permits;
        this.least = Math.min(least, most);
        this.most = most;
        permits.resize(this.least);
    }

    /** Told of a thread that starts a plugin, until {@link #left}. */
    void joined(Thread thread) {
        starting.add(thread);
    }

    void left(Thread thread) {
        starting.remove(thread);
    }

    /** Looks at those that start until it is closed. */
    Watch begin() {
        Watch watch = new Watch(this);
        watch.thread.start();
        return watch;
    }

    void adapt() {
        int waiting = 0;
        for (Thread thread : starting) {
            Thread.State state = thread.getState();
            boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
            waiting += waits ? 1 : 0;
        }
        permits.resize(Math.min(most, least + FOR_EACH_WAITING * waiting));
    }

    /** The time of one load. */
    static final class Watch implements AutoCloseable {

        private final Thread thread;
        private volatile boolean closed;

        private Watch(StartPace pace) {
            this.thread =
                    Thread.ofPlatform()
                            .daemon()
                            .name("modunest-pace")
                            .unstarted(() -> follow(pace));
        }

        private void follow(StartPace pace) {
            while (!closed) {
                LockSupport.parkNanos(TICK_NANOS);
                pace.adapt();
            }
        }

        @Override
        public void close() {
            closed = true;
            LockSupport.unpark(thread);
        }
    }
}
