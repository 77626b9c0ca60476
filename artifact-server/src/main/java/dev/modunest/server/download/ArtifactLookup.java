package dev.modunest.server.download;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.IndexedArtifact;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.server.serial.CacheLease;
import dev.modunest.server.serial.Change;
import dev.modunest.server.serial.Follower;
import dev.modunest.server.serial.FollowingCache;

import java.util.Optional;
import java.util.function.Function;

/**
 * Which artifacts there are and whether they may be served, remembered until a change. While
 * Postgres is away, what was known last is told: the bytes never change, and a quarantine that this
 * server could not hear of reaches it with the connection. Thread-safe.
 */
public final class ArtifactLookup implements Follower {

    private final Database database;
    private final FollowingCache<Digest, IndexedArtifact> byDigest;
    private final FollowingCache<Coordinate, IndexedArtifact> byName;

    public ArtifactLookup(DownloadConfig config, CacheLease lease, Database database) {
        this.database = database;
        this.byDigest =
                new FollowingCache<>(
                        lease, config.cachedEntries(), (key, artifact) -> 1, Change::digest);
        this.byName =
                new FollowingCache<>(
                        lease, config.cachedEntries(), (key, artifact) -> 1, Change::coordinate);
    }

    Optional<IndexedArtifact> find(Digest digest) {
        return find(byDigest, digest, key -> database.read(tx -> tx.artifacts().find(key)));
    }

    Optional<IndexedArtifact> find(Coordinate coordinate) {
        return find(byName, coordinate, key -> database.read(tx -> tx.artifacts().find(key)));
    }

    private static <K> Optional<IndexedArtifact> find(
            FollowingCache<K, IndexedArtifact> cache,
            K key,
            Function<K, Optional<IndexedArtifact>> index) {
        try {
            return cache.find(key, index);
        } catch (DatabaseException failed) {
            Optional<IndexedArtifact> kept = cache.findKept(key);
            if (kept.isEmpty() || !failed.isUnavailable()) {
                throw failed;
            }
            return kept;
        }
    }

    @Override
    public void changed(Change change) {
        byDigest.changed(change);
        byName.changed(change);
    }

    @Override
    public void everythingChanged() {
        byDigest.everythingChanged();
        byName.everythingChanged();
    }

    long entries() {
        return byDigest.size() + byName.size();
    }
}
