package dev.modunest.server.publish;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.PublishRecord;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.admission.Party;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;
import dev.modunest.server.problem.Rejection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * Keeps the leases of the publishes of this server, and takes up those whose server is gone: at
 * start and every period after. Closed it gives up what is not over.
 */
final class PublishLeases implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PublishLeases.class);
    private static final int TAKEN_AT_ONCE = 32;

    private final PublishConfig config;
    private final PublishQueue queue;
    private final Admission admission;
    private final Database database;
    private final InstantSource clock;
    private final Periodic looking;

    /** Begins. */
    PublishLeases(
            PublishConfig config,
            PublishQueue queue,
            Admission admission,
            Database database,
            Jobs jobs,
            InstantSource clock) {
        this.config = config;
        this.queue = queue;
        this.admission = admission;
        this.database = database;
        this.clock = clock;
        this.looking =
                jobs.start("publish-leases", Duration.ZERO, config.leasePeriod(), this::look);
    }

    /** Looks for publishes to take up without waiting for the period. */
    void wake() {
        looking.wake();
    }

    private void look() {
        extend();
        int resumed;
        do {
            resumed = takeUp();
        } while (resumed == TAKEN_AT_ONCE && !Thread.currentThread().isInterrupted());
    }

    private void extend() {
        List<PublishRecord> working = queue.working();
        if (!working.isEmpty()) {
            database.<Boolean>inTransaction(
                    tx -> {
                        tx.publishes().extend(working, config.lease(), clock.instant());
                        return true;
                    });
        }
    }

    /** How many go on here: with fewer than at once there are no more, or no room for them. */
    private int takeUp() {
        int room = Math.min(TAKEN_AT_ONCE, admission.room());
        if (room <= 0) {
            return 0;
        }
        List<PublishRecord> taken =
                database.inTransaction(tx -> tx.publishes().takeUp(room, config.lease()));
        int resumed = 0;
        for (PublishRecord publish : taken) {
            try {
                queue.resume(publish, admission.reserve(Party.of(publish.account())));
                resumed++;
            } catch (Rejection full) {
                LOG.info("the publish {} waits for room: {}", publish.id(), full.detail());
            }
        }
        return resumed;
    }

    @Override
    public void close() {
        looking.close();
        List<UUID> left = queue.stop();
        if (left.isEmpty()) {
            return;
        }
        try {
            database.<Boolean>inTransaction(
                    tx -> {
                        tx.publishes().giveUpLeases(left);
                        return true;
                    });
        } catch (DatabaseException failed) {
            LOG.warn("{} publishes go on when their leases have ended", left.size(), failed);
        }
    }
}
