package dev.modunest.loader.lifecycle;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.ReentrantLock;

/** Lets loads happen one after the other, and cancels the one under way at the end. Thread-safe. */
final class LoadTurn {

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Object state = new Object();
    private @Nullable Thread loading;
    private boolean ended;
    private boolean cancelled;

    /** A load. */
    @FunctionalInterface
    interface Load<T> {
        T run() throws InterruptedException;
    }

    /**
     * @throws IllegalStateException when the engine is closed
     */
    <T> T take(Load<T> load) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            begin();
            try {
                return load.run();
            } finally {
                finish();
            }
        } finally {
            turn.unlock();
        }
    }

    private void begin() {
        synchronized (state) {
            if (ended) {
                throw new IllegalStateException("the plugin loader is closed: open another");
            }
            loading = Thread.currentThread();
        }
    }

    private void finish() {
        synchronized (state) {
            loading = null;
            if (ended || cancelled) {
                Thread.interrupted(); // ours: it came too late to cancel this load
            }
            cancelled = false;
        }
    }

    /** Interrupts the load under way, when there is one. */
    void cancel() {
        synchronized (state) {
            if (loading != null) {
                cancelled = true;
                loading.interrupt();
            }
        }
    }

    /**
     * Interrupts the load under way and waits for it to undo what it did.
     *
     * @return whether this was the first call
     */
    boolean end() {
        synchronized (state) {
            if (ended) {
                return false;
            }
            ended = true;
            if (loading != null) {
                loading.interrupt();
            }
        }
        turn.lock();
        try {
            return true;
        } finally {
            turn.unlock();
        }
    }
}
