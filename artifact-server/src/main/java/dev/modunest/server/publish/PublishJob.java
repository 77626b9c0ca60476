package dev.modunest.server.publish;

import dev.modunest.db.PublishRecord;
import dev.modunest.db.PublishState;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.idempotency.Answer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A publish that this server works on, from its last byte. It is attached while a request waits for
 * it; detached it has a row, outlives the request, and after a crash another server takes it up.
 * Thread-safe.
 */
final class PublishJob {

    private final PublishRequest request;
    private final PublishRecord begun;
    private final @Nullable Staged staged;
    private final Admission.Permit permit;
    private final CompletableFuture<Answer> end = new CompletableFuture<>();

    /** Held to go live and to detach: what comes second sees what came first. */
    private final ReentrantLock deciding = new ReentrantLock();

    private boolean detached;
    private @Nullable Runnable outcome;
    private volatile PublishState state;

    /**
     * Begins one.
     *
     * @param staged null when another server received the bytes: they are inspected again
     */
    PublishJob(
            PublishRequest request,
            PublishRecord begun,
            @Nullable Staged staged,
            Admission.Permit permit) {
        this.request = request;
        this.begun = begun;
        this.staged = staged;
        this.permit = permit;
        this.detached = staged == null;
        this.state = begun.state();
    }

    UUID id() {
        return begun.id();
    }

    PublishRequest request() {
        return request;
    }

    Optional<Staged> staged() {
        return Optional.ofNullable(staged);
    }

    StoredObject.Staging object() {
        return new StoredObject.Staging(begun.id());
    }

    Admission.Permit permit() {
        return permit;
    }

    PublishRecord begun() {
        return begun;
    }

    void enter(PublishState next) {
        state = next;
    }

    /** Runs {@code step} alone; it is told whether the job is detached. */
    <T extends @Nullable Object> T decide(Supplier<T> step) {
        deciding.lock();
        try {
            return step.get();
        } finally {
            deciding.unlock();
        }
    }

    /** Only inside {@link #decide}. */
    boolean isDetached() {
        return detached;
    }

    /** Only inside {@link #decide}. */
    void detach() {
        detached = true;
    }

    /** Only inside {@link #decide}: how it ended; whoever waits is told by {@link #tell}. */
    void end(Answer answer) {
        outcome = () -> end.complete(answer);
    }

    /** Only inside {@link #decide}: as {@link #end}, with what {@link #await} throws. */
    void fail(RuntimeException cause) {
        outcome = () -> end.completeExceptionally(cause);
    }

    /** Only inside {@link #decide}. */
    boolean isOver() {
        return outcome != null;
    }

    /** Tells whoever waits. */
    void tell() {
        Runnable how = decide(() -> outcome);
        if (how == null) {
            end.completeExceptionally(new IllegalStateException("a publish without an outcome"));
        } else {
            how.run();
        }
    }

    /** The answer at the end, for which only the removal of the staging object is missing. */
    Answer await() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException failed) {
            throw cause(failed);
        }
    }

    /** The answer when the end comes within {@code wait}; throws what ended it otherwise. */
    Optional<Answer> await(Duration wait) throws InterruptedException {
        try {
            return Optional.of(end.get(wait.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException later) {
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw cause(failed);
        }
    }

    private static RuntimeException cause(ExecutionException failed) {
        return failed.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException(failed);
    }

    /** As it stands now. */
    PublishRecord snapshot(InstantSource clock) {
        PublishState now = state;
        if (now == PublishState.QUEUED || now == PublishState.RECEIVED) {
            return begun.at(
                    now,
                    OptionalInt.of(permit.position()),
                    Optional.of(clock.instant().plus(permit.expected())));
        }
        return begun.at(
                now, OptionalInt.of(0), Optional.of(clock.instant().plus(permit.expected())));
    }
}
