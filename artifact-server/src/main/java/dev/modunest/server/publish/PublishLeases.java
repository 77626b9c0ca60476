package dev.modunest.server.publish;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.PublishRecord;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.admission.Party;
import dev.modunest.server.problem.Rejection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

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
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("publish-leases").factory());

    PublishLeases(
            PublishConfig config,
            PublishQueue queue,
            Admission admission,
            Database database,
            InstantSource clock) {
        this.config = config;
        this.queue = queue;
        this.admission = admission;
        this.database = database;
        this.clock = clock;
    }

    void start() {
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(
                        this::look, 0, config.leasePeriod().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            extend();
            takeUp();
        } catch (RuntimeException failed) {
            LOG.warn("publishes are looked after again in {}", config.leasePeriod(), failed);
        }
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

    private void takeUp() {
        int room = Math.min(TAKEN_AT_ONCE, admission.room());
        if (room <= 0) {
            return;
        }
        List<PublishRecord> taken =
                database.inTransaction(tx -> tx.publishes().takeUp(room, config.lease()));
        for (PublishRecord publish : taken) {
            try {
                queue.resume(publish, admission.reserve(Party.of(publish.account())));
            } catch (Rejection full) {
                LOG.info("the publish {} waits for room: {}", publish.id(), full.detail());
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
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
