package dev.modunest.loader.lifecycle;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts who uses a plugin, and holds newcomers back while it is exchanged. Who uses another plugin
 * of the same exchange is no newcomer: it would be waited for while it waits. Thread-safe.
 */
final class LeaseGate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.OPEN;
    private volatile @Nullable Object exchange;
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

    /**
     * Asks for a lease.
     *
     * @param held what the caller uses already
     */
    Entry enter(Duration atMost, Collection<LeaseGate> held) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (state == State.CLOSED && !isAmong(held)) {
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

    private boolean isAmong(Collection<LeaseGate> held) {
        for (LeaseGate gate : held) {
            Object other = gate.exchange;
            if (other != null && other.equals(exchange)) {
                return true;
            }
        }
        return false;
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

    /** Lets no newcomer in any more, for as long as {@code by} takes. */
    void close(Object by) {
        exchange = by;
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
        exchange = null;
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
