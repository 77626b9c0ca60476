package dev.modunest.loader.lifecycle;

import java.util.List;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;

/**
 * Runs tasks side by side and ends when all have. The only class that uses the preview API of JDK
 * 25 (JEP 505), so that all others load without {@code --enable-preview}.
 */
final class LoadScope {

    private LoadScope() {}

    /**
     * Runs each of {@code tasks} on a virtual thread of its own.
     *
     * @throws InterruptedException when the caller is interrupted; the tasks have been interrupted
     *     too, and have ended
     * @throws IllegalStateException when a task threw: tasks report trouble as their result
     */
    static void runAll(List<Runnable> tasks) throws InterruptedException {
        try (StructuredTaskScope<Object, Void> scope =
                StructuredTaskScope.open(
                        Joiner.awaitAll(),
                        settings ->
                                settings.withThreadFactory(
                                        Thread.ofVirtual().name("modunest-", 0).factory()))) {
            List<Subtask<Object>> subtasks = tasks.stream().map(scope::<Object>fork).toList();
            scope.join();
            for (Subtask<Object> subtask : subtasks) {
                if (subtask.state() == Subtask.State.FAILED) {
                    throw new IllegalStateException(
                            "the engine itself failed: " + subtask.exception(),
                            subtask.exception());
                }
            }
        }
    }
}
