package dev.modunest.edge.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;

import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is on disk, and the room it takes. What has to leave is chosen by W-TinyLFU (Einziger,
 * Friedman and Manes, ACM Transactions on Storage 13(4), 2017): an object that is new stays only if
 * it is asked for more often than the one in whose place it would be, so that a scan drives nothing
 * out. Thread-safe; {@link #find} takes no lock.
 */
final class DiskIndex {

    /**
     * Sizes are counted in these, rounded up: a weight is an int, and a file takes whole blocks.
     */
    private static final long BLOCK = 4096;

    private final long quota;
    private final Queue<StoredArtifact> leaving = new ConcurrentLinkedQueue<>();
    private final AtomicLong stored = new AtomicLong();
    private final Cache<Digest, StoredArtifact> objects;
    private final Policy.Eviction<Digest, StoredArtifact> bound;
    private long reserved;

    DiskIndex(long quota) {
        this.quota = quota;
        this.objects =
                Caffeine.newBuilder()
                        .maximumWeight(quota / BLOCK)
                        .weigher((Digest digest, StoredArtifact object) -> blocks(object.size()))
                        .evictionListener((digest, object, cause) -> left(object))
                        .executor(Runnable::run)
                        .build();
        this.bound = objects.policy().eviction().orElseThrow();
    }

    @Nullable StoredArtifact find(Digest digest) {
        return objects.getIfPresent(digest);
    }

    /**
     * Sets {@code bytes} aside. Null when even an empty tier has no room beside what others have
     * set aside; else the objects that had to leave.
     */
    synchronized @Nullable List<StoredArtifact> reserve(long bytes) {
        if (reserved + bytes > quota) {
            return null;
        }
        reserved += bytes;
        return shrink();
    }

    synchronized void unreserve(long bytes) {
        reserved -= bytes;
        bound.setMaximum((quota - reserved) / BLOCK);
    }

    /** Adds an object; gives those that had to leave, it may be itself. */
    List<StoredArtifact> add(StoredArtifact object) {
        return addAll(List.of(object));
    }

    /** Adds objects, those first that may leave first; gives those that had to. */
    synchronized List<StoredArtifact> addAll(List<StoredArtifact> added) {
        for (StoredArtifact object : added) {
            objects.asMap()
                    .compute(
                            object.digest(),
                            (_, before) -> {
                                stored.addAndGet(
                                        object.size() - (before == null ? 0 : before.size()));
                                return object;
                            });
        }
        return shrink();
    }

    /** Removes exactly {@code object}: not what may have been stored for its digest since. */
    boolean remove(StoredArtifact object) {
        boolean removed = objects.asMap().remove(object.digest(), object);
        if (removed) {
            stored.addAndGet(-object.size());
        }
        return removed;
    }

    /** Removes what is stored for {@code digest}. */
    @Nullable StoredArtifact remove(Digest digest) {
        StoredArtifact object = objects.asMap().remove(digest);
        if (object != null) {
            stored.addAndGet(-object.size());
        }
        return object;
    }

    List<Digest> digests() {
        return List.copyOf(objects.asMap().keySet());
    }

    long storedBytes() {
        return stored.get();
    }

    int objects() {
        return objects.asMap().size();
    }

    private List<StoredArtifact> shrink() {
        bound.setMaximum((quota - reserved) / BLOCK);
        objects.cleanUp();
        List<StoredArtifact> gone = new ArrayList<>();
        for (StoredArtifact next = leaving.poll(); next != null; next = leaving.poll()) {
            gone.add(next);
        }
        return gone;
    }

    private void left(@Nullable StoredArtifact object) {
        if (object != null) {
            stored.addAndGet(-object.size());
            leaving.add(object);
        }
    }

    private static int blocks(long size) {
        return (int) Math.min(Integer.MAX_VALUE, (size + BLOCK - 1) / BLOCK);
    }
}
