package dev.modunest.loader.lifecycle;

import java.util.concurrent.Semaphore;

/**
 * The budget of plugins that may be worked on at the same time. A permit is held while there is
 * work to do, never while waiting for another plugin, so that a budget of one cannot deadlock.
 * Thread-safe.
 */
final class Permits {

    private final Semaphore free;

    Permits(int permits) {
        this.free = new Semaphore(permits);
    }

    /** Work that a permit is needed for. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws StageException, InterruptedException;
    }

    <T> T holding(Work<T> work) throws StageException, InterruptedException {
        free.acquire();
        try {
            return work.run();
        } finally {
            free.release();
        }
    }
}
