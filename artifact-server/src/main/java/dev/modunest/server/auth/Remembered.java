package dev.modunest.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.server.serial.CacheLease;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keeps what was read of access until it is told to forget, bypassed while the lease is not held. A
 * value whose reading began before it was told so is not kept. Thread-safe.
 */
final class Remembered<K, V> {

    private record Entry<V>(V value, long generation) {}

    private final CacheLease lease;
    private final Predicate<V> absent;
    private final AtomicLong generation = new AtomicLong();
    private final Cache<K, Entry<V>> entries;

    Remembered(CacheLease lease, int most, Duration longest) {
        this(lease, most, longest, _ -> false);
    }

    /**
     * The same, without what is not there yet.
     *
     * @param absent tells it
     */
    Remembered(CacheLease lease, int most, Duration longest, Predicate<V> absent) {
        this.lease = lease;
        this.absent = absent;
        this.entries = Caffeine.newBuilder().maximumSize(most).expireAfterWrite(longest).build();
    }

    V get(K key, Function<K, V> read) {
        long now = generation.get();
        boolean held = lease.held();
        Entry<V> entry = held ? entries.getIfPresent(key) : null;
        if (entry != null && entry.generation() == now) {
            return entry.value();
        }
        V value = read.apply(key);
        if (held && !absent.test(value)) {
            entries.put(key, new Entry<>(value, now));
        }
        return value;
    }

    void forget() {
        generation.incrementAndGet();
    }
}
