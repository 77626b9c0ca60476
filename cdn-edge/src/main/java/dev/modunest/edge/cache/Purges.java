package dev.modunest.edge.cache;

import dev.modunest.format.PluginId;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Which documents the events of the origin and the purges of operators have outdated: for each
 * plugin the serial number of its last change, the bar, and the last purges by name. A document
 * that shows less is not served, however it came here: a fetch that was under way when the event
 * arrived, or one from an origin instance that lags behind, is found out when it is to be used.
 * Thread-safe; written by one thread, read without a lock.
 *
 * <p>Of at most {@code maxPlugins} plugins the bar is kept; the oldest bar that is given up becomes
 * the least bar of all, so that forgetting costs fetches and never shows an old document.
 */
public final class Purges {

    private final int maxPlugins;
    private final RecentPurges named;
    private final Map<PluginId, Long> bars = new ConcurrentHashMap<>();

    /** The keys of {@code bars}, that with the lowest bar first. */
    private final Map<PluginId, Boolean> oldestFirst = new LinkedHashMap<>();

    private volatile long leastBar;
    private volatile long newestBar;
    private volatile long applied;
    private volatile long epoch;

    /**
     * @param maxNamed bytes of heap for the last purges by name
     * @param applied up to where nothing that is cached is older than its last change
     */
    public Purges(int maxPlugins, long maxNamed, long applied) {
        this.maxPlugins = maxPlugins;
        this.named = new RecentPurges(maxNamed);
        this.applied = applied;
    }

    /** Every event up to this serial number has been applied. */
    public long applied() {
        return applied;
    }

    /** What a fetch that begins now shows at least, when the origin is asked for that much. */
    public Stamp begin(DocumentScope scope) {
        long now = epoch;
        return new Stamp(scope, now, bar(scope), named.last());
    }

    /** Whether a document may be served to one who asks for the state of {@code minSerial}. */
    public boolean isCurrent(Stamp stamp, long minSerial) {
        // In this order: an event raises its bar before it counts as applied, and a reset starts
        // its epoch before it lowers a bar.
        long now = epoch;
        boolean reached = stamp.serial() >= minSerial || applied >= minSerial;
        boolean current = stamp.serial() >= bar(stamp.scope());
        return reached && current && stamp.epoch() == now && epoch == now;
    }

    /**
     * From now on no fetch that has begun brings back what {@code purge} selects. What is stored of
     * it is the caller's to drop.
     */
    public void purge(NamedPurge purge) {
        named.add(purge);
    }

    /** Whether a purge by name since its fetch began selects what has come of {@code uri}. */
    public boolean isPurged(String uri, ResponseHead head) {
        return named.isSelected(head.stamp().purge(), purge -> purge.selects(uri, head.fields()));
    }

    /**
     * Runs {@code store} with a fetched response as the purges by name since its fetch began leave
     * it; false when one has dropped it.
     */
    public boolean admit(String uri, StoredResponse response, Consumer<StoredResponse> store) {
        return named.admit(uri, response, store);
    }

    /** {@code plugin} has changed. The change counts as applied after {@link #applied(long)}. */
    public synchronized void changed(PluginId plugin, long serial) {
        bars.put(plugin, serial);
        newestBar = serial;
        oldestFirst.remove(plugin);
        oldestFirst.put(plugin, Boolean.TRUE);
        if (oldestFirst.size() > maxPlugins) {
            Iterator<PluginId> eldest = oldestFirst.keySet().iterator();
            PluginId forgotten = eldest.next();
            eldest.remove();
            leastBar = Math.max(leastBar, bars.getOrDefault(forgotten, 0L));
            bars.remove(forgotten);
        }
    }

    /** Nothing that the event of {@code serial} outdates is served any more. */
    public synchronized void applied(long serial) {
        applied = serial;
    }

    /** Outdates every document; goes on from {@code serial}, which may be lower than before. */
    public synchronized void reset(long serial) {
        applied = serial;
        epoch = epoch + 1;
        bars.clear();
        oldestFirst.clear();
        leastBar = serial;
        newestBar = serial;
    }

    private long bar(DocumentScope scope) {
        return switch (scope) {
            case DocumentScope.OfPlugin(PluginId plugin) -> {
                // Before the least bar, which takes over from a bar that is given up.
                Long own = bars.get(plugin);
                yield Math.max(own == null ? 0 : own, leastBar);
            }
            case DocumentScope.AnyChange _ -> newestBar;
            case DocumentScope.Named _ -> 0;
        };
    }
}
