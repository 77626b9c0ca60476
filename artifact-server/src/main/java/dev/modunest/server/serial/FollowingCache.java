package dev.modunest.server.serial;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/**
 * Keeps what was read from the index until a change of it, bypassed while the lease is not held.
 * What does not exist is not kept, it may come. Thread-safe.
 *
 * <p>Every key has a version, shared by keys of the same hash; a change raises it. An entry carries
 * the version from before its load began and is given out only while that is the version, so that a
 * load which races with a change is of no use to anyone after it.
 */
public final class FollowingCache<K, V> implements Follower {

    /**
     * A power of two; so few keys of a large index share one that their needless loads are rare.
     */
    private static final int VERSIONS = 1 << 16;

    private record Entry<V>(V value, long version) {}

    /** A load under way, and the version from before it began. */
    private record Loading<V>(long version, CompletableFuture<Optional<V>> result) {}

    private final CacheLease lease;
    private final Function<Change, Optional<K>> changedKey;
    private final Cache<K, Entry<V>> entries;
    private final ConcurrentMap<K, Loading<V>> loads = new ConcurrentHashMap<>();
    private final AtomicLongArray versions = new AtomicLongArray(VERSIONS);

    /**
     * Bounded by weight.
     *
     * @param changedKey the key that a change concerns; empty: it may be any
     */
    public FollowingCache(
            CacheLease lease,
            long maxWeight,
            Weigher<K, V> weigher,
            Function<Change, Optional<K>> changedKey) {
        this.lease = lease;
        this.changedKey = changedKey;
        this.entries =
                Caffeine.newBuilder()
                        .maximumWeight(maxWeight)
                        .weigher((K key, Entry<V> entry) -> weigher.weigh(key, entry.value()))
                        .build();
    }

    public Optional<V> find(K key, Function<K, Optional<V>> load) {
        if (!lease.held()) {
            return load.apply(key);
        }
        Optional<V> known = known(key);
        return known.isPresent() ? known : loadOnce(key, load);
    }

    /**
     * Of those who miss a key at the same time one loads it; who came after a change loads anew.
     */
    private Optional<V> loadOnce(K key, Function<K, Optional<V>> load) {
        Loading<V> mine = new Loading<>(version(key), new CompletableFuture<>());
        Loading<V> first =
                loads.merge(
                        key,
                        mine,
                        (running, own) -> running.version() == own.version() ? running : own);
        if (!first.equals(mine)) {
            return await(first);
        }
        try {
            Optional<V> found = load.apply(key);
            found.ifPresent(value -> entries.put(key, new Entry<>(value, mine.version())));
            mine.result().complete(found);
            return found;
        } catch (RuntimeException | Error failed) {
            mine.result().completeExceptionally(failed);
            throw failed;
        } finally {
            loads.remove(key, mine);
        }
    }

    private static <V> Optional<V> await(Loading<V> first) {
        try {
            return first.result().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException same) {
                throw same;
            }
            throw failed;
        }
    }

    /** The values of those of {@code keys} that exist; what is not kept is loaded at once. */
    public Map<K, V> findAll(Set<K> keys, Function<Set<K>, Map<K, V>> load) {
        if (!lease.held()) {
            return load.apply(keys);
        }
        Map<K, V> values = HashMap.newHashMap(keys.size());
        Map<K, Long> missing = new HashMap<>();
        for (K key : keys) {
            known(key)
                    .ifPresentOrElse(
                            value -> values.put(key, value), () -> missing.put(key, version(key)));
        }
        if (!missing.isEmpty()) {
            Map<K, V> loaded = load.apply(new HashSet<>(missing.keySet()));
            missing.forEach(
                    (key, before) ->
                            Optional.ofNullable(loaded.get(key))
                                    .ifPresent(
                                            value -> {
                                                values.put(key, value);
                                                entries.put(key, new Entry<>(value, before));
                                            }));
        }
        return values;
    }

    /** What is kept, whether or not the lease is held: for when the index cannot be asked. */
    public Optional<V> findKept(K key) {
        return known(key);
    }

    private Optional<V> known(K key) {
        return Optional.ofNullable(entries.getIfPresent(key))
                .filter(entry -> entry.version() == version(key))
                .map(Entry::value);
    }

    private long version(K key) {
        return versions.get(slot(key));
    }

    private static int slot(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return (hash ^ (hash >>> 16)) & (VERSIONS - 1);
    }

    @Override
    public void changed(Change change) {
        changedKey
                .apply(change)
                .ifPresentOrElse(
                        key -> {
                            versions.incrementAndGet(slot(key));
                            entries.invalidate(key);
                        },
                        this::everythingChanged);
    }

    @Override
    public void everythingChanged() {
        for (int slot = 0; slot < VERSIONS; slot++) {
            versions.incrementAndGet(slot);
        }
        entries.invalidateAll();
    }

    public long size() {
        return entries.estimatedSize();
    }
}
