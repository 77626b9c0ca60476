package dev.modunest.server.download;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.StoredObject;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * Artifacts that are asked for again and again, whole in memory, so that they cost the storage
 * nothing. An artifact comes in when it is asked for a second time, once however many ask, and only
 * with the bytes that its digest names. Caffeine decides what stays (W-TinyLFU, Einziger, Friedman
 * and Manes, 2017). Thread-safe.
 */
final class HotArtifacts {

    /** So many artifacts fit at least, and so much of the memory is filled at once at most. */
    private static final int SHARE = 4;

    private static final int ASKED_ONCE = 20_000;
    private static final int UNIT = 1 << 10;

    private final ArtifactStore store;
    private final long maxArtifact;
    private final AsyncCache<Digest, byte[]> kept;
    private final Cache<Digest, Boolean> askedOnce =
            Caffeine.newBuilder().maximumSize(ASKED_ONCE).build();

    /** In units of 1 KiB. */
    private final Semaphore filling;

    private final LongAdder hits = new LongAdder();

    HotArtifacts(ArtifactStore store, long maxBytes) {
        this.store = store;
        this.maxArtifact = Math.min(Integer.MAX_VALUE - 8, maxBytes / SHARE);
        this.filling = new Semaphore((int) Math.min(Integer.MAX_VALUE, maxArtifact / UNIT));
        this.kept =
                Caffeine.newBuilder()
                        .maximumWeight(maxBytes)
                        .weigher((Digest digest, byte[] bytes) -> bytes.length)
                        .buildAsync();
    }

    /**
     * The whole artifact; empty when it is to be streamed.
     *
     * @throws StoreException when the storage fails, or has other bytes under its digest
     */
    Optional<byte[]> find(StoredObject.Artifact artifact, long size) {
        CompletableFuture<byte[]> there = kept.getIfPresent(artifact.digest());
        if (there != null) {
            hits.increment();
            return Optional.of(await(there));
        }
        if (size > maxArtifact || isAskedForTheFirstTime(artifact.digest())) {
            return Optional.empty();
        }
        int units = (int) (size / UNIT) + 1;
        if (!filling.tryAcquire(units)) {
            return Optional.empty();
        }
        return Optional.of(await(fill(artifact, size, units)));
    }

    private boolean isAskedForTheFirstTime(Digest digest) {
        return askedOnce.asMap().putIfAbsent(digest, true) == null;
    }

    private CompletableFuture<byte[]> fill(StoredObject.Artifact artifact, long size, int units) {
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        CompletableFuture<byte[]> first = kept.asMap().putIfAbsent(artifact.digest(), mine);
        try {
            if (first != null) {
                return first;
            }
            mine.complete(
                    store.readWhole(artifact, size)
                            .orElseThrow(() -> ArtifactSender.missing(artifact)));
        } catch (RuntimeException | Error failed) {
            // Caffeine drops what fails.
            mine.completeExceptionally(failed);
        } finally {
            filling.release(units);
        }
        return mine;
    }

    private static byte[] await(CompletableFuture<byte[]> bytes) {
        try {
            return bytes.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException same) {
                throw same;
            }
            throw failed;
        }
    }

    long hits() {
        return hits.sum();
    }

    long entries() {
        return kept.synchronous().estimatedSize();
    }

    long bytes() {
        return kept.synchronous()
                .policy()
                .eviction()
                .flatMap(eviction -> eviction.weightedSize().stream().boxed().findFirst())
                .orElse(0L);
    }
}
