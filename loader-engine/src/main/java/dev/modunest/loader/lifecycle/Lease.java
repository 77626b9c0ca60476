package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.PluginLease;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A lease on what runs at the moment. It keeps nothing of the plugin after its end. */
final class Lease implements PluginLease {

    /** What each thread holds; a lease may be closed by another. */
    private static final ThreadLocal<List<LeaseGate>> HELD =
            ThreadLocal.withInitial(CopyOnWriteArrayList::new);

    private final Coordinate coordinate;
    private final AtomicReference<Optional<RunningPlugin>> held;
    private final List<LeaseGate> ofThread;

    private Lease(RunningPlugin plugin, List<LeaseGate> ofThread) {
        this.ofThread = ofThread;
        this.coordinate = plugin.coordinate();
        this.held = new AtomicReference<>(Optional.of(plugin));
    }

    static Lease take(PluginId plugin, RunningPlugins running, Duration atMost)
            throws InterruptedException {
        long begin = System.nanoTime();
        List<LeaseGate> ofThread = HELD.get();
        while (true) {
            RunningPlugin present = running.get(plugin);
            switch (present.gate().enter(LeaseGate.rest(atMost, begin), ofThread)) {
                case ENTERED -> {
                    ofThread.add(present.gate());
                    return new Lease(present, ofThread);
                }
                case GONE -> {} // another is in its place, or nobody
                case LATE ->
                        throw new LoaderException(
                                "lease-deadline",
                                present.coordinate()
                                        + " is being exchanged for longer than "
                                        + atMost.toMillis()
                                        + " ms");
            }
        }
    }

    @Override
    public Coordinate coordinate() {
        return coordinate;
    }

    @Override
    public <T> Optional<T> service(Class<T> type) {
        return held.get()
                .orElseThrow(
                        () -> new IllegalStateException("the lease of " + coordinate + " is over"))
                .service(type);
    }

    @Override
    public void close() {
        held.getAndSet(Optional.empty())
                .ifPresent(
                        plugin -> {
                            ofThread.remove(plugin.gate());
                            plugin.gate().leave();
                        });
    }
}
