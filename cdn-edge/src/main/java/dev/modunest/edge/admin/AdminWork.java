package dev.modunest.edge.admin;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Does off the event loops what takes its time, for at most {@code admin.max_tasks} requests at
 * once. Thread-safe.
 */
public final class AdminWork {

    private static final Logger LOG = LoggerFactory.getLogger(AdminWork.class);

    /** Gives an answer, or says why the request has none. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws BadRequestException;
    }

    private final Executor blocking;
    private final int max;
    private final Semaphore permits;

    public AdminWork(Executor blocking, int max) {
        this.blocking = blocking;
        this.max = max;
        this.permits = new Semaphore(max);
    }

    /** Runs {@code task}, and {@code then} with its result on the event loop of the request. */
    <T> void run(AdminExchange x, Task<T> task, Consumer<T> then) {
        if (!permits.tryAcquire()) {
            x.unavailable(
                    "admin-busy",
                    "The administration is busy",
                    max + " requests are being worked on, which is admin.max_tasks; retry.");
            return;
        }
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
        blocking.execute(
                () -> {
                    Runnable answer = answer(x, task, then);
                    permits.release();
                    loop.runOnContext(_ -> answer.run());
                });
    }

    private static <T> Runnable answer(AdminExchange x, Task<T> task, Consumer<T> then) {
        try {
            T result = task.run();
            return () -> then.accept(result);
        } catch (BadRequestException refused) {
            return () -> x.badRequest(refused.reason());
        } catch (RuntimeException bug) {
            LOG.error("request {} failed: {}", x.requestId(), x.path(), bug);
            return x::internalError;
        }
    }
}
