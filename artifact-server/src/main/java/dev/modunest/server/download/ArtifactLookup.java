package dev.modunest.server.download;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.db.Database;
import dev.modunest.db.IndexedArtifact;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.util.Optional;
import java.util.function.Function;

/**
 * Which artifacts are live, remembered: neither a digest nor a version ever changes its bytes, so
 * an entry is true as long as it is kept. What is not there is not remembered, it may come.
 * Thread-safe.
 */
final class ArtifactLookup {

    private final Database database;
    private final Cache<Digest, IndexedArtifact> byDigest;
    private final Cache<Coordinate, IndexedArtifact> byName;

    ArtifactLookup(Database database, int maxEntries) {
        this.database = database;
        this.byDigest = Caffeine.newBuilder().maximumSize(maxEntries).build();
        this.byName = Caffeine.newBuilder().maximumSize(maxEntries).build();
    }

    Optional<IndexedArtifact> find(Digest digest) {
        return find(byDigest, digest, key -> database.read(tx -> tx.artifacts().find(key)));
    }

    Optional<IndexedArtifact> find(Coordinate coordinate) {
        return find(byName, coordinate, key -> database.read(tx -> tx.artifacts().find(key)));
    }

    private static <K> Optional<IndexedArtifact> find(
            Cache<K, IndexedArtifact> cache, K key, Function<K, Optional<IndexedArtifact>> index) {
        Optional<IndexedArtifact> known = Optional.ofNullable(cache.getIfPresent(key));
        if (known.isPresent()) {
            return known;
        }
        Optional<IndexedArtifact> found = index.apply(key);
        found.ifPresent(artifact -> cache.put(key, artifact));
        return found;
    }

    long entries() {
        return byDigest.estimatedSize() + byName.estimatedSize();
    }
}
