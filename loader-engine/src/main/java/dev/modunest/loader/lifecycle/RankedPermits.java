package dev.modunest.loader.lifecycle;

import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Permits that go to the waiter of the highest rank, and of equal ones to the first. Nobody
 * overtakes the one at the head, so that large requests are not starved. Thread-safe.
 */
final class RankedPermits {

    private long total;
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Waiter> waiting = new PriorityQueue<>();
    private long free;
    private long arrived;

    private record Waiter(int rank, long number, long weight, Semaphore granted)
            implements Comparable<Waiter> {

        /** The highest rank first, then the first that came. */
        @Override
        public int compareTo(Waiter other) {
            int byRank = Integer.compare(other.rank, rank);
            return byRank != 0 ? byRank : Long.compare(number, other.number);
        }

        // One waiter is no other, and a record's own methods cost a JVM that starts.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    RankedPermits(long total) {
        this.total = total;
        this.free = total;
    }

    /**
     * Takes {@code weight} permits, all of them when it is more than there are.
     *
     * @return how many to give back
     */
    long acquire(long weight, int rank) throws InterruptedException {
        long taken;
        Waiter waiter;
        lock.lock();
        try {
            taken = Math.min(weight, total);
            if (waiting.isEmpty() && free >= taken) {
                free -= taken;
                return taken;
            }
            waiter = new Waiter(rank, arrived++, taken, new Semaphore(0));
            waiting.add(waiter);
        } finally {
            lock.unlock();
        }
        try {
            waiter.granted().acquire();
            return taken;
        } catch (InterruptedException cancelled) {
            withdraw(waiter);
            throw cancelled;
        }
    }

    /** Makes it {@code permits} in all; those that are held stay so. */
    void resize(long permits) {
        lock.lock();
        try {
            free += permits - total;
            total = permits;
            grant();
        } finally {
            lock.unlock();
        }
    }

    private void withdraw(Waiter waiter) {
        lock.lock();
        try {
            if (!waiting.remove(waiter)) {
                free += waiter.weight(); // it was granted meanwhile
            }
            grant();
        } finally {
            lock.unlock();
        }
    }

    void release(long taken) {
        lock.lock();
        try {
            free += taken;
            grant();
        } finally {
            lock.unlock();
        }
    }

    private void grant() {
        for (Waiter head = waiting.peek();
                head != null && head.weight() <= free;
                head = waiting.peek()) {
            waiting.remove();
            free -= head.weight();
            head.granted().release();
        }
    }
}
