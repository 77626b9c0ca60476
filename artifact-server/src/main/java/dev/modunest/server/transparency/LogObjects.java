package dev.modunest.server.transparency;

import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.TilePath;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.StoredObject.Tile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** The files of the log in the storage, many of which are written at the same time. */
final class LogObjects implements AutoCloseable {

    private final ArtifactStore store;
    private final String shard;
    private final Semaphore permits;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    LogObjects(ArtifactStore store, String shard, int concurrency) {
        this.store = store;
        this.shard = shard;
        this.permits = new Semaphore(concurrency);
    }

    /** A tile that was written. */
    HashTile tile(TilePath path) {
        byte[] bytes =
                store.get(new Tile(shard, path))
                        .orElseThrow(
                                () ->
                                        new StoreException(
                                                "the log has lost its "
                                                        + path
                                                        + ": restore the object "
                                                        + new Tile(shard, path).key()));
        return HashTile.parse(path, bytes);
    }

    Tile object(TilePath path) {
        return new Tile(shard, path);
    }

    /** Writes all of them, or throws. */
    void put(Map<? extends StoredObject, byte[]> objects) throws InterruptedException {
        List<Callable<Boolean>> puts = new ArrayList<>();
        objects.forEach((object, content) -> puts.add(() -> put(object, content)));
        for (Future<Boolean> done : threads.invokeAll(puts)) {
            try {
                done.get();
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException(failed);
            }
        }
    }

    private boolean put(StoredObject object, byte[] content) throws InterruptedException {
        permits.acquire();
        try {
            store.put(object, content);
            return true;
        } finally {
            permits.release();
        }
    }

    /** Removes the partial tiles of those that are full. */
    void removePartials(Collection<TilePath> full) {
        full.stream()
                .filter(TilePath::isFull)
                .forEach(path -> store.removeAll(object(path).partials()));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
