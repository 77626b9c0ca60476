package dev.modunest.edge.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

/** Small objects in memory, bounded by their weight in bytes. Thread-safe. */
final class MemoryTier {

    static final String NAME = "memory";

    private final Cache<Digest, Content> contents;
    private final EdgeMetrics metrics;

    MemoryTier(MemorySettings settings, EdgeMetrics metrics) {
        this.metrics = metrics;
        contents =
                Caffeine.newBuilder()
                        .maximumWeight(settings.size().bytes())
                        .weigher((Digest key, Content content) -> content.weight())
                        .evictionListener((key, content, cause) -> metrics.evicted(NAME))
                        .build();
        metrics.watchTier(NAME, this::heldBytes, contents::estimatedSize);
    }

    @Nullable Content find(Digest digest) {
        return contents.getIfPresent(digest);
    }

    void insert(Content content) {
        contents.put(content.artifact().digest(), content);
    }

    /** Whether there was anything to purge. */
    boolean purge(Digest digest) {
        boolean purged = contents.asMap().remove(digest) != null;
        if (purged) {
            metrics.purged(NAME);
        }
        return purged;
    }

    boolean isEmpty() {
        return contents.estimatedSize() == 0;
    }

    private long heldBytes() {
        return contents.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElse(0))
                .orElse(0L);
    }
}
