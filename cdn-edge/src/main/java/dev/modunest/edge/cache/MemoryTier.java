package dev.modunest.edge.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.metrics.EdgeMetrics;

import org.jspecify.annotations.Nullable;

/** Small artifacts and documents on the heap, bounded by their weight in bytes. Thread-safe. */
public final class MemoryTier {

    public static final String NAME = "memory";

    private final Cache<CacheKey, CacheEntry> entries;
    private final EdgeMetrics metrics;

    public MemoryTier(MemorySettings settings, EdgeMetrics metrics) {
        this.metrics = metrics;
        entries =
                Caffeine.newBuilder()
                        .maximumWeight(settings.size().bytes())
                        .weigher((CacheKey key, CacheEntry entry) -> entry.weight())
                        .evictionListener((key, entry, cause) -> metrics.evicted(NAME))
                        .build();
        metrics.watchTier(NAME, this::heldBytes, entries::estimatedSize);
    }

    public @Nullable Document document(CacheKey.OfDocument key) {
        return entries.getIfPresent(key) instanceof Document document ? document : null;
    }

    public void insert(CacheKey key, CacheEntry entry) {
        entries.put(key, entry);
    }

    /** Whether there was an entry to purge. */
    public boolean purge(CacheKey key) {
        CacheEntry purged = entries.asMap().remove(key);
        if (purged != null) {
            metrics.purged(NAME);
        }
        return purged != null;
    }

    /** Purges exactly {@code entry}: not what may have been stored for its key since. */
    public void purge(CacheKey key, CacheEntry entry) {
        if (entries.asMap().remove(key, entry)) {
            metrics.purged(NAME);
        }
    }

    public void purgeDocuments() {
        for (CacheKey key : entries.asMap().keySet()) {
            if (key instanceof CacheKey.OfDocument) {
                purge(key);
            }
        }
    }

    public boolean isEmpty() {
        return entries.estimatedSize() == 0;
    }

    CacheEntry.@Nullable ArtifactBytes artifact(CacheKey.OfArtifact key) {
        return entries.getIfPresent(key) instanceof CacheEntry.ArtifactBytes bytes ? bytes : null;
    }

    private long heldBytes() {
        return entries.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }
}
