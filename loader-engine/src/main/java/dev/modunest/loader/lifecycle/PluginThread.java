package dev.modunest.loader.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a plugin's code for a bounded time on a platform thread that nobody waits for afterwards: a
 * plugin that ignores interruption must not hold the engine, and one that waits in a static
 * initialiser must not hold a carrier of the virtual threads.
 */
final class PluginThread {

    private PluginThread() {}

    /** The thread may live a little longer than the plugin, and must not hold it then. */
    private static <T> T callAndForget(Callable<T> code) throws Exception {
        try {
            return code.call();
        } finally {
            Thread.currentThread().setContextClassLoader(null);
        }
    }

    /**
     * Calls {@code code} with {@code context} as context class loader.
     *
     * @throws ExecutionException with what {@code code} threw
     * @throws TimeoutException when {@code code} has not returned within {@code bound}; its thread
     *     has been interrupted
     */
    static <T> T call(String name, ClassLoader context, Duration bound, Callable<T> code)
            throws ExecutionException, TimeoutException, InterruptedException {
        return call(name, context, bound, code, Optional.empty());
    }

    /** As {@link #call(String, ClassLoader, Duration, Callable)}, seen by {@code pace}. */
    static <T> T call(
            String name,
            ClassLoader context,
            Duration bound,
            Callable<T> code,
            Optional<StartPace> pace)
            throws ExecutionException, TimeoutException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(() -> callAndForget(code));
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name(name)
                        .inheritInheritableThreadLocals(false)
                        .unstarted(task);
        thread.setContextClassLoader(context);
        thread.start();
        pace.ifPresent(seen -> seen.joined(thread));
        try {
            return task.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException givenUp) {
            task.cancel(true);
            throw givenUp;
        } finally {
            pace.ifPresent(seen -> seen.left(thread));
        }
    }
}
