package dev.modunest.server.artifact;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Removes uploads that no publish needs, at start and every period after. */
public final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final ArtifactStore store;
    private final Database database;
    private final SweepConfig config;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("sweeper").factory());

    private final ScheduledFuture<?> sweeping;

    public Sweeper(
            ArtifactStore store, Database database, SweepConfig config, InstantSource clock) {
        this.store = store;
        this.database = database;
        this.config = config;
        this.clock = clock;
        this.sweeping =
                timer.scheduleWithFixedDelay(
                        this::sweep, 0, config.period().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        try {
            AbandonedUploads.Swept swept =
                    store.abandonedUploads()
                            .removeOlderThan(
                                    clock.instant().minus(config.age()),
                                    keys -> database.read(tx -> tx.publishes().needed(keys)));
            if (swept.objects() + swept.uploads() > 0) {
                LOG.info(
                        "removed {} objects and {} unfinished uploads from staging",
                        swept.objects(),
                        swept.uploads());
            }
        } catch (StoreException | DatabaseException failed) {
            LOG.warn("staging is swept again in {}", config.period(), failed);
        }
    }

    @Override
    public void close() {
        sweeping.cancel(true);
        timer.shutdownNow();
    }
}
