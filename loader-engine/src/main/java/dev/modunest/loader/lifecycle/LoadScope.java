package dev.modunest.loader.lifecycle;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs tasks side by side on virtual threads and ends when all have. {@code StructuredTaskScope}
 * (JEP 505, a preview of JDK 25) is reached by method handles, so that no class file needs {@code
 * --enable-preview}; on a JDK where it has another form plain threads do the same.
 */
final class LoadScope {

    private static final Optional<Preview> PREVIEW = Preview.find();

    private LoadScope() {}

    /** Whether tasks are owned by a {@code StructuredTaskScope}. */
    static boolean isStructured() {
        return PREVIEW.isPresent();
    }

    /**
     * Runs each of {@code tasks} on a virtual thread of its own, begun in their order.
     *
     * @throws InterruptedException when the caller is interrupted; the tasks have been interrupted
     *     too, and have ended
     * @throws IllegalStateException when a task threw: tasks report trouble as their result
     */
    static void runAll(List<Runnable> tasks) throws InterruptedException {
        runAll(tasks, PREVIEW);
    }

    static void runAll(List<Runnable> tasks, Optional<Preview> preview)
            throws InterruptedException {
        Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        List<Runnable> guarded = new ArrayList<>(tasks.size());
        for (Runnable task : tasks) {
            guarded.add(guarded(task, thrown));
        }
        if (preview.isPresent()) {
            preview.get().runAll(guarded);
        } else {
            Threads.runAll(guarded);
        }
        Throwable first = thrown.peek();
        if (first != null) {
            throw new IllegalStateException("the engine itself failed: " + first, first);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // errors too: the caller must hear of them
    private static Runnable guarded(Runnable task, Queue<Throwable> thrown) {
        return () -> {
            try {
                task.run();
            } catch (Throwable failed) {
                thrown.add(failed);
            }
        };
    }

    /** The five methods of the preview API that are used, each with erased types. */
    record Preview(
            MethodHandle joiner,
            MethodHandle open,
            MethodHandle fork,
            MethodHandle join,
            MethodHandle close) {

        private static final String SCOPE = "java.util.concurrent.StructuredTaskScope";

        /** Empty when this JDK lacks it, or has it in another form. */
        static Optional<Preview> find() {
            Lookup lookup = MethodHandles.publicLookup();
            try {
                Class<?> scope = Class.forName(SCOPE);
                Class<?> joiner = Class.forName(SCOPE + "$Joiner");
                Class<?> subtask = Class.forName(SCOPE + "$Subtask");
                return Optional.of(
                        new Preview(
                                erased(
                                        lookup.findStatic(
                                                joiner, "awaitAll", MethodType.methodType(joiner))),
                                erased(
                                        lookup.findStatic(
                                                scope,
                                                "open",
                                                MethodType.methodType(scope, joiner))),
                                erased(
                                        lookup.findVirtual(
                                                scope,
                                                "fork",
                                                MethodType.methodType(subtask, Runnable.class))),
                                erased(
                                        lookup.findVirtual(
                                                scope,
                                                "join",
                                                MethodType.methodType(Object.class))),
                                lookup.findVirtual(
                                                scope, "close", MethodType.methodType(void.class))
                                        .asType(MethodType.methodType(void.class, Object.class))));
            } catch (ReflectiveOperationException otherForm) {
                return Optional.empty();
            }
        }

        private static MethodHandle erased(MethodHandle handle) {
            return handle.asType(handle.type().generic());
        }

        /** Forks all from the thread that owns the scope: no other may. */
        void runAll(List<Runnable> tasks) throws InterruptedException {
            try {
                Object scope = (Object) open.invokeExact((Object) joiner.invokeExact());
                try {
                    for (Runnable task : tasks) {
                        Object _ = (Object) fork.invokeExact(scope, (Object) task);
                    }
                    Object _ = (Object) join.invokeExact(scope);
                } finally {
                    close.invokeExact(scope);
                }
            } catch (InterruptedException | RuntimeException | Error known) {
                throw known;
            } catch (Throwable undeclared) {
                throw new IllegalStateException(undeclared);
            }
        }
    }

    /** The same without the preview API. */
    private static final class Threads {

        static void runAll(List<Runnable> tasks) throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            for (Runnable task : tasks) {
                threads.add(Thread.startVirtualThread(task));
            }
            @Nullable InterruptedException interrupted = null;
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    try {
                        thread.join();
                    } catch (InterruptedException cancelled) {
                        interrupted = cancelled;
                        threads.forEach(Thread::interrupt);
                    }
                }
            }
            if (interrupted != null) {
                throw interrupted;
            }
        }
    }
}
