package dev.modunest.edge.cache;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.format.Digest;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Both tiers as one: memory first, then disk; small objects found on disk move up into memory,
 * their digest checked again. Thread-safe.
 */
public final class EdgeCache {

    /** Where an artifact was found. */
    public sealed interface Hit {

        /** In memory, or brought there from the disk just now. */
        record InMemory(Content content) implements Hit {
            @Override
            public StoredArtifact artifact() {
                return content.artifact();
            }
        }

        /** On disk; the receiver ends the lease. */
        record OnDisk(StoredArtifact artifact, OpenFile file) implements Hit {}

        StoredArtifact artifact();
    }

    private final MemoryTier memory;
    private final DiskTier disk;
    private final long maxInMemory;
    private final Refusals refusals;
    private final Executor blocking;
    private final EdgeMetrics metrics;
    private final ConcurrentHashMap<Digest, Future<Optional<Hit>>> rising =
            new ConcurrentHashMap<>();

    public EdgeCache(
            DiskTier disk,
            MemorySettings settings,
            Refusals refusals,
            Executor blocking,
            EdgeMetrics metrics) {
        this.memory = new MemoryTier(settings, metrics);
        this.disk = disk;
        this.maxInMemory = settings.maxObject().bytes();
        this.refusals = refusals;
        this.blocking = blocking;
        this.metrics = metrics;
    }

    /** What can be served without waiting. */
    public @Nullable Hit findNow(Digest digest) {
        Content content = memory.find(digest);
        if (content != null) {
            metrics.hit(MemoryTier.NAME);
            return new Hit.InMemory(content);
        }
        StoredArtifact artifact = disk.find(digest);
        if (artifact == null || artifact.size() <= maxInMemory) {
            return null;
        }
        OpenFile file = disk.leaseOpen(artifact);
        if (file == null) {
            return null;
        }
        metrics.hit(DiskTier.NAME);
        return new Hit.OnDisk(artifact, file);
    }

    /** Whether a tier has the object. */
    public boolean has(Digest digest) {
        return memory.find(digest) != null || disk.find(digest) != null;
    }

    /** Whether {@link #find} is worth its wait. */
    public boolean isOnDisk(Digest digest) {
        return disk.find(digest) != null;
    }

    public List<Digest> digestsOnDisk() {
        return disk.digests();
    }

    /** Whether there is anything to serve without the origin. */
    public boolean isEmpty() {
        return memory.isEmpty() && disk.isEmpty();
    }

    /** What is on disk, after reading or opening it. Completes on a thread of its own. */
    public Future<Optional<Hit>> find(Digest digest) {
        StoredArtifact artifact = disk.find(digest);
        if (artifact == null) {
            return Future.succeededFuture(Optional.empty());
        }
        if (artifact.size() > maxInMemory) {
            return offLoop(() -> openOnDisk(artifact));
        }
        Promise<Optional<Hit>> mine = Promise.promise();
        Future<Optional<Hit>> theirs = rising.putIfAbsent(digest, mine.future());
        if (theirs != null) {
            return theirs;
        }
        mine.future().onComplete(_ -> rising.remove(digest));
        long begun = refusals.epoch();
        offLoop(() -> raise(artifact, begun)).onComplete(mine);
        return mine.future();
    }

    /** The greatest object that is kept in memory. */
    public long maxInMemory() {
        return maxInMemory;
    }

    /** Puts a verified object into memory; false when it has been withdrawn since {@code begun}. */
    public boolean remember(Content content, long begun) throws IOException {
        return refusals.admit(content.artifact().digest(), begun, () -> memory.insert(content));
    }

    /** The gate that {@link #remember} passes. */
    public Refusals refusals() {
        return refusals;
    }

    /** Drops an artifact from both tiers; false when neither has it. Blocks. */
    public boolean drop(Digest digest) {
        boolean wasInMemory = memory.purge(digest);
        return disk.drop(digest) || wasInMemory;
    }

    private Optional<Hit> openOnDisk(StoredArtifact artifact) {
        Optional<OpenFile> file = disk.lease(artifact);
        file.ifPresent(_ -> metrics.hit(DiskTier.NAME));
        return file.map(lease -> new Hit.OnDisk(artifact, lease));
    }

    private Optional<Hit> raise(StoredArtifact artifact, long begun) throws IOException {
        Optional<OpenFile> file = disk.lease(artifact);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes;
        try {
            bytes = file.get().readDirect(0, (int) artifact.size());
        } finally {
            file.get().release();
        }
        if (!digestOf(bytes).equals(artifact.digest())) {
            disk.dropDamaged(artifact, "its bytes have another digest");
            return Optional.empty();
        }
        Content content = Content.of(artifact, bytes);
        if (!remember(content, begun)) {
            return Optional.empty();
        }
        metrics.hit(DiskTier.NAME);
        return Optional.of(new Hit.InMemory(content));
    }

    private static Digest digestOf(ByteBuffer bytes) {
        MessageDigest sha256 = Digest.newMessageDigest();
        sha256.update(bytes.duplicate());
        return Digest.finish(sha256);
    }

    private <T> Future<T> offLoop(java.util.concurrent.Callable<T> work) {
        Promise<T> promise = Promise.promise();
        blocking.execute(
                () -> {
                    try {
                        promise.complete(work.call());
                    } catch (Exception failed) {
                        promise.fail(failed);
                    }
                });
        return promise.future();
    }
}
