package dev.modunest.server.lifecycle;

import dev.modunest.db.Database;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

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
    private final Periodic removing;

    public BytesRemover(
            DeleteConfig config,
            Database database,
            ArtifactStore store,
            Jobs jobs,
            InstantSource clock) {
        this.config = config;
        this.database = database;
        this.store = store;
        this.clock = clock;
        this.removing =
                jobs.start("bytes-remover", Duration.ZERO, config.period(), this::removeAll);
    }

    private void removeAll() {
        List<Digest> left = list();
        while (!left.isEmpty()) {
            left.forEach(this::remove);
            left = list();
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
        removing.close();
    }
}
