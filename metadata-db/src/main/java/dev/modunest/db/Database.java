package dev.modunest.db;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The index in Postgres behind bounded pools. Thread-safe. */
public final class Database implements AutoCloseable {

    /**
     * What is done with the stores; what it throws rolls the transaction back and reaches the
     * caller as it is.
     */
    @FunctionalInterface
    public interface Work<T> {
        T run(Transaction transaction);
    }

    private final ConnectionPool primary;
    private final ReplicaSet replicas;

    private volatile Runnable accessChanged = () -> {};

    private Database(ConnectionPool primary, ReplicaSet replicas) {
        this.primary = primary;
        this.replicas = replicas;
    }

    /**
     * Connects and brings the schema to this version.
     *
     * @throws DatabaseException when Postgres cannot be reached in time or a migration fails
     */
    public static Database open(DatabaseConfig config) {
        return open(config, _ -> {});
    }

    /**
     * Connects and brings the schema to this version.
     *
     * @param observer is told of every statement
     * @throws DatabaseException when Postgres cannot be reached in time or a migration fails
     */
    public static Database open(DatabaseConfig config, DatabaseObserver observer) {
        StatementTimes times = new StatementTimes(config.slowStatement(), observer);
        ConnectionPool primary = ConnectionPool.ofPrimary(config, times);
        try {
            migrate(config);
        } catch (FlywayException failed) {
            primary.close();
            throw new DatabaseException("the schema cannot be brought to this version", failed);
        }
        return new Database(primary, ReplicaSet.open(config, times));
    }

    /**
     * Connects and leaves the schema as it is.
     *
     * @throws DatabaseException when Postgres cannot be reached in time
     */
    public static Database connect(DatabaseConfig config) {
        StatementTimes times = new StatementTimes(config.slowStatement(), _ -> {});
        return new Database(
                ConnectionPool.ofPrimary(config, times), ReplicaSet.open(config, times));
    }

    /**
     * On connections of its own: Flyway needs two, and a migration may outlast statement_timeout.
     */
    private static void migrate(DatabaseConfig config) {
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(config.url(), config.user(), config.password().value())
                .locations("classpath:dev/modunest/db/migration")
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load()
                .migrate();
    }

    /** Runs {@code work} in one transaction (READ COMMITTED), committed when it returns. */
    public <T> T inTransaction(Work<T> work) {
        AtomicBoolean changesAccess = new AtomicBoolean();
        T result =
                primary.inTransaction(
                        tx -> {
                            T done = work.run(tx);
                            changesAccess.set(tx.changesAccess());
                            return done;
                        });
        replicas.committed();
        if (changesAccess.get()) {
            accessChanged.run();
        }
        return result;
    }

    /**
     * Has {@code listener} run after each transaction of this process that changes access, before
     * its caller goes on; other processes hear of it by the {@link OutboxListener}.
     */
    public void whenAccessChanged(Runnable listener) {
        accessChanged = listener;
    }

    /**
     * Runs {@code work} without a transaction: every statement sees what was committed before it.
     */
    public <T> T read(Work<T> work) {
        return primary.read(work);
    }

    /**
     * Runs {@code work}, which only reads, on a replica when one has all that this process
     * committed and heard of, else on the primary. What others committed may be missing for as long
     * as {@code database.replica_max_lag}. The work is done a second time, on the primary, when the
     * replica fails.
     */
    public <T> T readStale(Work<T> work) {
        Optional<Replica> replica = replicas.choose();
        if (replica.isEmpty()) {
            return read(work);
        }
        try {
            return replica.get().read(work);
        } catch (DatabaseException failed) {
            if (!replica.get().isToBlameFor(failed)) {
                throw failed;
            }
            return read(work);
        }
    }

    /**
     * From now on stale reads see all that is before {@code position}: the log's insert position on
     * the primary, asked after an event of another process was heard.
     */
    public void raiseBar(LogPosition position) {
        replicas.raiseBar(position);
    }

    /** Whether Postgres answers; throws {@link DatabaseException} when it does not. */
    public void ping() {
        primary.guarded((Handle handle) -> handle.execute("select 1"));
    }

    public PoolStatistics poolStatistics() {
        return primary.statistics();
    }

    /** Every configured replica, in the order of the configuration. */
    public List<ReplicaStatistics> replicaStatistics() {
        return replicas.statistics();
    }

    /** The servers that stream from the primary, configured as replicas or not; asked of it. */
    public List<Standby> standbys() {
        return primary.guarded(Standby::list);
    }

    @Override
    public void close() {
        replicas.close();
        primary.close();
    }
}
