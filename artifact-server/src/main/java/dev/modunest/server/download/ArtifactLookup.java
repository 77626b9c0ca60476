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

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which artifacts there are and whether they may be served, remembered until a change. While
 * Postgres is away, what was known last is told for a while: the bytes never change, but a
 * quarantine may have come that this server could not hear of. Thread-safe.
 */
public final class ArtifactLookup implements Follower {

    private final Duration withoutIndex;
    private final CacheLease lease;
    private final Database database;
    private final IndexReach reach;
    private final FollowingCache<Digest, IndexedArtifact> byDigest;
    private final FollowingCache<Coordinate, IndexedArtifact> byName;

    public ArtifactLookup(DownloadConfig config, CacheLease lease, Database database) {
        this.withoutIndex = config.serveWithoutIndex();
        this.lease = lease;
        this.database = database;
        this.reach = new IndexReach(lease::isUnreachable, database::ping);
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

    private <K> Optional<IndexedArtifact> find(
            FollowingCache<K, IndexedArtifact> cache,
            K key,
            Function<K, Optional<IndexedArtifact>> index) {
        if (lease.held()) {
            reach.forget();
        } else if (reach.isAway()) {
            Optional<IndexedArtifact> kept = kept(cache, key);
            if (kept.isPresent()) {
                reach.probe();
                return kept;
            }
        }
        try {
            Optional<IndexedArtifact> found = cache.find(key, index);
            reach.answered();
            return found;
        } catch (DatabaseException failed) {
            if (!failed.isUnavailable()) {
                throw failed;
            }
            reach.failed();
            return Optional.of(kept(cache, key).orElseThrow(() -> failed));
        }
    }

    /** Whether nothing but what is remembered can be told now. */
    boolean isWithoutIndex() {
        return !lease.held() && reach.isAway();
    }

    private <K> Optional<IndexedArtifact> kept(FollowingCache<K, IndexedArtifact> cache, K key) {
        return lease.heldWithin(withoutIndex) ? cache.findKept(key) : Optional.empty();
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
