package dev.modunest.server.lifecycle;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.StoredObject;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Removes the bytes of deleted releases from the storage. The index knows which are left, so that a
 * crash or a second server at the same work loses nothing.
 */
public final class BytesRemover implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BytesRemover.class);
    private static final int BATCH = 100;

    private final DeleteConfig config;
    private final Database database;
    private final ArtifactStore store;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("bytes-remover").factory());

    private final ScheduledFuture<?> removing;

    public BytesRemover(
            DeleteConfig config, Database database, ArtifactStore store, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.store = store;
        this.clock = clock;
        this.removing =
                timer.scheduleWithFixedDelay(
                        this::removeAll, 0, config.period().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void removeAll() {
        try {
            List<Digest> left = list();
            while (!left.isEmpty()) {
                left.forEach(this::remove);
                left = list();
            }
        } catch (StoreException | DatabaseException failed) {
            LOG.warn("bytes of deleted releases are removed in {}", config.period(), failed);
        }
    }

    private List<Digest> list() {
        return database.read(
                tx ->
                        tx.releaseStates()
                                .listBytesToRemove(
                                        clock.instant().minus(config.keepBytes()), BATCH));
    }

    private void remove(Digest digest) {
        store.remove(new StoredObject.Artifact(digest));
        database.inTransaction(
                tx -> {
                    tx.releaseStates().markBytesRemoved(digest, clock.instant());
                    return digest;
                });
        LOG.info("removed the bytes of the deleted release {}", digest);
    }

    @Override
    public void close() {
        removing.cancel(true);
        timer.shutdownNow();
    }
}
