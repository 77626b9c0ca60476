package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Makes and removes partitions, one a transaction. A table that has a default partition cannot lose
 * another with {@code DETACH CONCURRENTLY}, so everybody is shut out for the change of the
 * catalogue and, while the lock is waited for, for the lock timeout at most. Every lock is of one
 * table, the parent's before those of its partitions, as writers take them.
 */
public final class PartitionStore {

    private static final long ADVISORY_LOCK = 0x6d6f64756e657374L;

    private final Handle handle;
    private final AuditExpiry expiry;

    PartitionStore(Handle handle, AuditStore audit) {
        this.handle = handle;
        this.expiry = new AuditExpiry(handle, audit);
    }

    /**
     * Begins a change of partitions: to the end of the transaction no other server makes one, and
     * no lock is waited for longer than {@code lockTimeout}.
     *
     * @return false when another server is at it
     */
    public boolean begin(Duration lockTimeout) {
        setLocal("lock_timeout", Long.toString(lockTimeout.toMillis()));
        return handle.createQuery("select pg_try_advisory_xact_lock(:key)")
                .bind("key", ADVISORY_LOCK)
                .mapTo(boolean.class)
                .one();
    }

    private void setLocal(String setting, String value) {
        handle.createQuery("select set_config(:setting, :value, true)")
                .bind("setting", setting)
                .bind("value", value)
                .mapTo(String.class)
                .one();
    }

    /** Those that hold rows of {@code table} now, oldest first. */
    public List<Partition> list(PartitionedTable table) {
        return handle
                .createQuery(
                        """
                        select c.relname
                        from pg_inherits i
                        join pg_class c on c.oid = i.inhrelid
                        where i.inhparent = :table::regclass
                        order by c.relname
                        """)
                .bind("table", table.table())
                .mapTo(String.class)
                .list()
                .stream()
                .flatMap(name -> Partition.parse(table, name).stream())
                .toList();
    }

    /** The partition of the oldest row in the default partition that is not before {@code from}. */
    public Optional<Partition> firstInDefault(PartitionedTable table, LocalDate from) {
        return handle.createQuery(
                        "select %s from %s where %s >= %s"
                                .formatted(
                                        table.dayOf("min(" + table.column() + ")"),
                                        table.defaultPartition(),
                                        table.column(),
                                        table.bound(from)))
                .mapTo(LocalDate.class)
                .findOne()
                .map(day -> Partition.of(table, day));
    }

    /**
     * Makes {@code partition} and moves what the default partition holds of it there. Whoever uses
     * the table waits meanwhile, which {@code maxMoved} bounds.
     *
     * @return the rows moved; empty, and nothing changed, when there are more than {@code maxMoved}
     */
    public OptionalLong create(Partition partition, long maxMoved) {
        PartitionedTable table = partition.table();
        String rows =
                "%s >= %s and %s < %s"
                        .formatted(
                                table.column(),
                                table.bound(partition.from()),
                                table.column(),
                                table.bound(partition.to()));
        shutOut(table);
        long found =
                handle.createQuery(
                                "select count(*) from (select 1 from %s where %s limit %d) found"
                                        .formatted(table.defaultPartition(), rows, maxMoved + 1))
                        .mapTo(long.class)
                        .one();
        if (found > maxMoved) {
            return OptionalLong.empty();
        }
        handle.execute(
                "create table %s (like %s including all excluding identity excluding indexes)"
                        .formatted(partition.name(), table.table()));
        int _ =
                unguarded(
                        table,
                        () ->
                                handle.execute(
                                        "with moved as (delete from %s where %s returning *) insert into %s select * from moved"
                                                .formatted(
                                                        table.defaultPartition(),
                                                        rows,
                                                        partition.name())));
        handle.execute(
                "alter table %s attach partition %s for values from (%s) to (%s)"
                        .formatted(
                                table.table(),
                                partition.name(),
                                table.bound(partition.from()),
                                table.bound(partition.to())));
        if (table.appendOnly()) {
            handle.execute(
                    "create trigger audit_no_truncate before truncate on %s for each statement execute function audit_append_only()"
                            .formatted(partition.name()));
        }
        return OptionalLong.of(found);
    }

    /**
     * Lets rows leave the default partition meanwhile. Nobody else is let: the table is locked, and
     * the trigger is back before others see it.
     */
    private <T> T unguarded(PartitionedTable table, Supplier<T> change) {
        if (!table.appendOnly()) {
            return change.get();
        }
        String trigger =
                "alter table " + table.defaultPartition() + " %s trigger audit_append_only";
        handle.execute(trigger.formatted("disable"));
        T changed = change.get();
        handle.execute(trigger.formatted("enable"));
        return changed;
    }

    /** Takes {@code partition} and its rows out of its table and drops them. */
    public void drop(Partition partition, Instant now) {
        detach(partition, now);
        handle.execute("drop table " + partition.name());
    }

    /**
     * Takes {@code partition} out of its table and leaves it as a table that the registry does not
     * look at again.
     *
     * @return the name of that table
     */
    public String setAside(Partition partition, Instant now) {
        detach(partition, now);
        String kept = partition.name() + "_detached";
        handle.execute("alter table " + partition.name() + " rename to " + kept);
        return kept;
    }

    /**
     * Who waits at the parent sees the partitions as they are after this transaction. Who waited at
     * the default partition alone would write what has another place now, and fail, or read it
     * without what was moved.
     */
    private void shutOut(PartitionedTable table) {
        handle.execute("lock table only " + table.table() + " in access exclusive mode");
        handle.execute("lock table " + table.defaultPartition() + " in access exclusive mode");
    }

    private void detach(Partition partition, Instant now) {
        PartitionedTable table = partition.table();
        if (table.appendOnly()) {
            // Read before everybody is shut out, which leaves only what comes meanwhile.
            AuditExpiry.Gone known = expiry.read(partition.name());
            shutOut(table);
            expiry.tell(partition.name(), expiry.readOn(partition.name(), known), now);
        } else {
            shutOut(table);
        }
        handle.execute(
                "alter table %s detach partition %s".formatted(table.table(), partition.name()));
    }

    /**
     * Deletes up to {@code limit} rows from before {@code before} from the default partition.
     *
     * @return how many
     */
    public int deleteFromDefault(PartitionedTable table, LocalDate before, int limit, Instant now) {
        String partition = table.defaultPartition();
        String old =
                "select ctid from %s where %s < %s limit %d"
                        .formatted(partition, table.column(), table.bound(before), limit);
        String rows = "ctid = any (array(" + old + "))";
        if (!table.appendOnly()) {
            return handle.execute("delete from " + partition + " where " + rows);
        }
        if (handle.createQuery(old).mapTo(String.class).findFirst().isEmpty()) {
            return 0;
        }
        shutOut(table);
        AuditExpiry.Gone gone = unguarded(table, () -> expiry.delete(partition, rows));
        expiry.tell(partition, gone, now);
        return (int) gone.entries();
    }
}
