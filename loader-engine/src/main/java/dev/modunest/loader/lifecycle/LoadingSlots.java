package dev.modunest.loader.lifecycle;

import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.LoadingSlot;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The budget of loading: permits of each kind, and memory for what is verified. A slot is held
 * while there is work to do, never while waiting for another plugin, so that a budget of one cannot
 * deadlock; memory is taken before the permit by everybody. Thread-safe.
 */
final class LoadingSlots {

    private static final long KIB = 1024;

    private final Map<LoadingSlot.Kind, RankedPermits> permits =
            new EnumMap<>(LoadingSlot.Kind.class);
    private final RankedPermits memory;
    private final HeapRoom heap;
    private final StartPace pace;

    LoadingSlots(LoaderOptions.Budget budget) {
        this(budget, HeapRoom.ofThisJvm());
    }

    LoadingSlots(LoaderOptions.Budget budget, HeapRoom heap) {
        this.heap = heap;
        permits.put(LoadingSlot.Kind.NETWORK, new RankedPermits(budget.network()));
        permits.put(LoadingSlot.Kind.VERIFICATION, new RankedPermits(budget.verification()));
        permits.put(LoadingSlot.Kind.START, new RankedPermits(budget.permits()));
        pace =
                new StartPace(
                        of(LoadingSlot.Kind.START),
                        Runtime.getRuntime().availableProcessors(),
                        budget.permits());
        memory = new RankedPermits(Math.max(1, budget.memoryBytes() / KIB));
    }

    /** How many plugins start side by side. */
    StartPace pace() {
        return pace;
    }

    /** Work that a slot is needed for. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws StageException, InterruptedException;
    }

    /** Runs {@code work} with a slot; of those who wait, the highest {@code rank} goes first. */
    <T> T holding(LoadingSlot.Kind kind, long bytes, int rank, Work<T> work)
            throws StageException, InterruptedException {
        try (LoadingSlot _ = acquire(kind, bytes, rank)) {
            if (bytes > 0) {
                heap.require(bytes);
            }
            return work.run();
        }
    }

    LoadingSlot acquire(LoadingSlot.Kind kind, long bytes, int rank) throws InterruptedException {
        RankedPermits ofKind = of(kind);
        long taken = bytes == 0 ? 0 : memory.acquire(Math.ceilDiv(bytes, KIB), rank);
        try {
            ofKind.acquire(1, rank);
        } catch (InterruptedException cancelled) {
            memory.release(taken);
            throw cancelled;
        }
        return new Held(kind, ofKind, memory, taken, new AtomicBoolean());
    }

    private RankedPermits of(LoadingSlot.Kind kind) {
        RankedPermits ofKind = permits.get(kind);
        if (ofKind == null) {
            throw new IllegalStateException("every kind has permits");
        }
        return ofKind;
    }

    private record Held(
            Kind kind,
            RankedPermits permits,
            RankedPermits memory,
            long memoryTaken,
            AtomicBoolean given)
            implements LoadingSlot {
        @Override
        public void close() {
            if (given.compareAndSet(false, true)) {
                permits.release(1);
                if (memoryTaken > 0) {
                    memory.release(memoryTaken);
                }
            }
        }
    }
}
