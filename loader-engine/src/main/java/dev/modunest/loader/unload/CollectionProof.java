package dev.modunest.loader.unload;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.UnloadedPlugin;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Proves by phantom references that class loaders were collected: such a reference is enqueued only
 * when nothing can reach its object any more. Thread-safe.
 */
public final class CollectionProof {

    /** Most loaders whose fate is open; of those before them no more is told. */
    static final int MOST = 10_000;

    private static final int COLLECTIONS = 5;

    private final ReferenceQueue<ClassLoader> queue = new ReferenceQueue<>();
    private final Set<Open> open = new LinkedHashSet<>();

    /** A loader whose fate is open. */
    private static final class Open extends PhantomReference<ClassLoader> {

        private final Coordinate coordinate;
        private final List<String> closed;
        private final WeakReference<ClassLoader> loader;

        Open(
                Coordinate coordinate,
                ClassLoader loader,
                List<String> closed,
                ReferenceQueue<ClassLoader> queue) {
            super(loader, queue);
            this.coordinate = coordinate;
            this.closed = List.copyOf(closed);
            this.loader = new WeakReference<>(loader);
        }

        UnloadedPlugin collected() {
            return new UnloadedPlugin(coordinate, closed, true, List.of());
        }

        UnloadedPlugin held() {
            ClassLoader still = loader.get();
            List<String> holders =
                    still == null ? List.of("its finalization") : Leftovers.holders(still);
            return new UnloadedPlugin(coordinate, closed, false, holders);
        }
    }

    /** Begins to watch over {@code loader}, which has been closed. */
    public synchronized void watch(Coordinate coordinate, ClassLoader loader, List<String> closed) {
        if (open.size() >= MOST) {
            open.remove(open.iterator().next());
        }
        open.add(new Open(coordinate, loader, closed, queue));
    }

    /** Those that have been collected since the last call, without asking for it. */
    public synchronized List<UnloadedPlugin> poll() {
        List<UnloadedPlugin> gone = new ArrayList<>();
        for (Reference<?> reference = queue.poll(); reference != null; reference = queue.poll()) {
            if (reference instanceof Open loader && open.remove(loader)) {
                gone.add(loader.collected());
            }
        }
        return gone;
    }

    /**
     * Asks the garbage collector up to five times, until all are gone or {@code atMost} is over.
     *
     * @return all whose fate was open; those that are held stay so
     */
    public List<UnloadedPlugin> settle(Duration atMost) throws InterruptedException {
        List<UnloadedPlugin> fates = new ArrayList<>(poll());
        long end = System.nanoTime() + atMost.toNanos();
        for (int i = 0; i < COLLECTIONS && hasOpen() && System.nanoTime() - end < 0; i++) {
            System.gc();
            Reference<?> first = queue.remove(Math.max(1, atMost.toMillis() / COLLECTIONS));
            if (first instanceof Open loader) {
                synchronized (this) {
                    if (open.remove(loader)) {
                        fates.add(loader.collected());
                    }
                }
            }
            fates.addAll(poll());
        }
        synchronized (this) {
            open.forEach(loader -> fates.add(loader.held()));
        }
        return fates;
    }

    private synchronized boolean hasOpen() {
        return !open.isEmpty();
    }

    /** How many loaders have not been collected, as far as is known. */
    public synchronized int openCount() {
        return open.size();
    }
}
