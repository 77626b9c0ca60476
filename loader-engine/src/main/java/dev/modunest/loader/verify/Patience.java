package dev.modunest.loader.verify;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Ends work on bytes when its thread is interrupted or its time is over. */
final class Patience {

    private final long endNanos;
    private final Duration allowed;

    Patience(Duration allowed) {
        this.endNanos = System.nanoTime() + allowed.toNanos();
        this.allowed = allowed;
    }

    /** The time is over. */
    static final class OverException extends IOException {
        private static final long serialVersionUID = 1L;

        OverException(String message) {
            super(message);
        }
    }

    /**
     * @throws InterruptedIOException when the thread is interrupted; it stays so
     * @throws OverException when the time is over
     */
    void check() throws InterruptedIOException, OverException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while verifying");
        }
        if (System.nanoTime() - endNanos > 0) {
            throw new OverException(
                    "it has not been verified within " + allowed.toMillis() + " ms");
        }
    }
}
