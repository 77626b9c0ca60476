package dev.modunest.server.artifact;

import dev.modunest.db.Database;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;

/** Removes uploads that no publish needs, at start and every period after. */
public final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final ArtifactStore store;
    private final Database database;
    private final SweepConfig config;
    private final InstantSource clock;
    private final Periodic sweeping;

    public Sweeper(
            ArtifactStore store,
            Database database,
            SweepConfig config,
            Jobs jobs,
            InstantSource clock) {
        this.store = store;
        this.database = database;
        this.config = config;
        this.clock = clock;
        this.sweeping = jobs.start("sweeper", Duration.ZERO, config.period(), this::sweep);
    }

    private void sweep() {
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
    }

    @Override
    public void close() {
        sweeping.close();
    }
}
