package dev.modunest.server.housekeeping;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.Partition;
import dev.modunest.db.PartitionedTable;
import dev.modunest.db.Transaction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes the partitions that are missing and removes those whose time is over. Every partition has a
 * transaction of its own; one that does not get its lock in time is tried again in the next round.
 */
final class Partitions {

    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

    private final Database database;
    private final PartitionsConfig config;
    private final RetentionConfig retention;
    private final int deleteBatch;
    private final InstantSource clock;

    Partitions(
            Database database,
            PartitionsConfig config,
            RetentionConfig retention,
            int deleteBatch,
            InstantSource clock) {
        this.database = database;
        this.config = config;
        this.retention = retention;
        this.deleteBatch = deleteBatch;
        this.clock = clock;
    }

    /**
     * One round.
     *
     * @return how many partitions wait for the next because of a lock
     */
    int run() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        int postponed = 0;
        for (PartitionedTable table : PartitionedTable.values()) {
            LocalDate kept = firstKept(table, today);
            postponed += make(table, kept, today);
            postponed += remove(table, kept);
        }
        return postponed;
    }

    /** Downloads stay until they are in the totals, however long that takes. */
    private LocalDate firstKept(PartitionedTable table, LocalDate today) {
        LocalDate kept = today.minusDays(kept(table).toDays());
        if (table != PartitionedTable.DOWNLOADS) {
            return kept;
        }
        LocalDate folded = database.read(tx -> tx.ranking().foldedBefore());
        return folded.isBefore(kept) ? folded : kept;
    }

    private Duration kept(PartitionedTable table) {
        return switch (table) {
            case OUTBOX -> retention.outbox();
            case DOWNLOADS -> retention.downloads();
            case AUDIT -> retention.audit();
        };
    }

    private Partition last(PartitionedTable table, LocalDate today) {
        return Partition.of(
                table,
                switch (table.period()) {
                    case DAY -> today.plusDays(config.aheadDays());
                    case MONTH -> today.plusMonths(config.aheadMonths());
                });
    }

    /** Those of rows that stand in the default partition first, then those from today on. */
    private int make(PartitionedTable table, LocalDate kept, LocalDate today) {
        int postponed = 0;
        Partition last = last(table, today);
        Optional<Partition> next = firstInDefault(table, kept);
        while (next.isPresent() && next.get().from().isBefore(today)) {
            postponed += attempt(next.get(), this::create) ? 0 : 1;
            next = firstInDefault(table, next.get().to());
        }
        Partition partition = Partition.of(table, today);
        while (!partition.from().isAfter(last.from())) {
            postponed += attempt(partition, this::create) ? 0 : 1;
            partition = partition.next();
        }
        return postponed;
    }

    private Optional<Partition> firstInDefault(PartitionedTable table, LocalDate from) {
        return database.read(tx -> tx.partitions().firstInDefault(table, from));
    }

    private int remove(PartitionedTable table, LocalDate kept) {
        int postponed = 0;
        List<Partition> partitions = database.read(tx -> tx.partitions().list(table));
        for (Partition partition : partitions) {
            if (!partition.to().isAfter(kept)) {
                postponed += attempt(partition, this::remove) ? 0 : 1;
            }
        }
        if (retention.drop()) {
            postponed += deleteFromDefault(table, kept) ? 0 : 1;
        }
        return postponed;
    }

    /** Whether it was done: the audit is locked for it, as for a partition. */
    private boolean deleteFromDefault(PartitionedTable table, LocalDate before) {
        return orPostponed(
                table.table() + "_default",
                () -> {
                    int deleted;
                    do {
                        deleted =
                                database.inTransaction(
                                        tx ->
                                                tx.partitions()
                                                        .deleteFromDefault(
                                                                table,
                                                                before,
                                                                deleteBatch,
                                                                clock.instant()));
                    } while (deleted == deleteBatch && !Thread.currentThread().isInterrupted());
                });
    }

    private interface Change {
        void make(Transaction transaction, Partition partition, boolean exists);
    }

    /** Whether it was done, or is being done by another server: what that meets, it tells. */
    private boolean attempt(Partition partition, Change change) {
        return orPostponed(
                partition.name(),
                () ->
                        database.inTransaction(
                                tx -> {
                                    if (!tx.partitions().begin(config.lockTimeout())) {
                                        return true;
                                    }
                                    change.make(
                                            tx,
                                            partition,
                                            tx.partitions()
                                                    .list(partition.table())
                                                    .contains(partition));
                                    return true;
                                }));
    }

    private static boolean orPostponed(String partition, Runnable change) {
        try {
            change.run();
            return true;
        } catch (DatabaseException failed) {
            if (!failed.isUnavailable()) {
                throw failed;
            }
            LOG.warn("{} is tried again in the next round: {}", partition, failed.getMessage());
            return false;
        }
    }

    private void create(Transaction tx, Partition partition, boolean exists) {
        if (exists) {
            return;
        }
        OptionalLong moved = tx.partitions().create(partition, config.maxMovedRows());
        if (moved.isEmpty()) {
            LOG.warn(
                    "{} is not made: the default partition of {} has more than {} of its rows"
                            + " (partitions.max_moved_rows)",
                    partition.name(),
                    partition.table().table(),
                    config.maxMovedRows());
        } else if (moved.getAsLong() > 0) {
            LOG.info(
                    "{} is made, {} rows moved from the default partition",
                    partition.name(),
                    moved.getAsLong());
        }
    }

    private void remove(Transaction tx, Partition partition, boolean exists) {
        if (!exists) {
            return;
        }
        if (retention.drop()) {
            tx.partitions().drop(partition, clock.instant());
            LOG.info("{} is dropped, its time is over", partition.name());
        } else {
            LOG.info(
                    "{} is detached, its time is over",
                    tx.partitions().setAside(partition, clock.instant()));
        }
    }
}
