package dev.modunest.loader.lifecycle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts who uses a plugin, and holds newcomers back while it is exchanged. Thread-safe. */
final class LeaseGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.OPEN;
    private int users;

    private enum State {
        OPEN,
        CLOSED,
        GONE
    }

    /** What came of asking for a lease. */
    enum Entry {
        ENTERED,
        /** Another has taken the plugin's place, or nobody. */
        GONE,
        LATE
    }

    Entry enter(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (state == State.CLOSED) {
                if (left <= 0) {
                    return Entry.LATE;
                }
                left = changed.awaitNanos(left);
            }
            if (state == State.GONE) {
                return Entry.GONE;
            }
            users++;
            return Entry.ENTERED;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            users--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more, for now. */
    void close() {
        become(State.CLOSED);
    }

    /**
     * Waits until nobody uses the plugin.
     *
     * @return whether that came within {@code atMost}
     */
    boolean drain(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (users > 0) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    void reopen() {
        become(State.OPEN);
    }

    /** Sends those who wait to what has taken the plugin's place. */
    void end() {
        become(State.GONE);
    }

    private void become(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many leases are held. */
    int users() {
        lock.lock();
        try {
            return users;
        } finally {
            lock.unlock();
        }
    }

    /** The rest of {@code atMost} after {@code beginNanos} on the monotonic clock. */
    static Duration rest(Duration atMost, long beginNanos) {
        long left = atMost.toNanos() - (System.nanoTime() - beginNanos);
        return Duration.of(Math.max(0, left), TimeUnit.NANOSECONDS.toChronoUnit());
    }
}
