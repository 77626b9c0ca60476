package dev.modunest.server.doctor;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs work on virtual threads, so many at a time; whoever adds more waits. The first failure is
 * thrown where work is added or awaited next.
 */
final class Turns implements AutoCloseable {

    private final int most;
    private final Semaphore free;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Optional<RuntimeException>> failure =
            new AtomicReference<>(Optional.empty());

    Turns(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    void add(Runnable work) {
        free.acquireUninterruptibly();
        throwFailure();
        Future<?> _ =
                threads.submit(
                        () -> {
                            try {
                                work.run();
                            } catch (RuntimeException failed) {
                                failure.compareAndSet(Optional.empty(), Optional.of(failed));
                            } finally {
                                free.release();
                            }
                        });
    }

    /** Waits until all that was added is done. */
    void await() {
        free.acquireUninterruptibly(most);
        free.release(most);
        throwFailure();
    }

    private void throwFailure() {
        failure.get()
                .ifPresent(
                        failed -> {
                            throw failed;
                        });
    }

    @Override
    public void close() {
        threads.close();
    }
}
