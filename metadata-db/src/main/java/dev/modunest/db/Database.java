package dev.modunest.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

import java.time.Duration;

/** The index in Postgres behind a bounded pool. Thread-safe. */
public final class Database implements AutoCloseable {

    /**
     * What is done with the stores; what it throws rolls the transaction back and reaches the
     * caller as it is.
     */
    @FunctionalInterface
    public interface Work<T> {
        T run(Transaction transaction);
    }

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /**
     * Connects and brings the schema to this version.
     *
     * @throws DatabaseException when Postgres cannot be reached in time or a migration fails
     */
    public static Database open(DatabaseConfig config) {
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(poolConfig(config));
        } catch (HikariPool.PoolInitializationException unreachable) {
            throw new DatabaseException(
                    "Postgres cannot be reached at " + config.url() + " as " + config.user(),
                    unreachable);
        }
        try {
            Flyway.configure(Database.class.getClassLoader())
                    // Connections of its own: it needs two, and a migration may outlast
                    // statement_timeout.
                    .dataSource(config.url(), config.user(), config.password().value())
                    .locations("classpath:dev/modunest/db/migration")
                    .validateMigrationNaming(true)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayException failed) {
            pool.close();
            throw new DatabaseException("the schema cannot be brought to this version", failed);
        }
        return new Database(pool);
    }

    private static HikariConfig poolConfig(DatabaseConfig config) {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName("modunest");
        hikari.setJdbcUrl(config.url());
        hikari.setUsername(config.user());
        hikari.setPassword(config.password().value());
        hikari.setMaximumPoolSize(config.poolSize());
        hikari.setMinimumIdle(Math.min(2, config.poolSize()));
        hikari.setConnectionTimeout(config.connectionTimeout().toMillis());
        hikari.setInitializationFailTimeout(config.connectionTimeout().toMillis());
        hikari.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        hikari.addDataSourceProperty("ApplicationName", "modunest");
        hikari.addDataSourceProperty("tcpKeepAlive", "true");
        hikari.addDataSourceProperty("connectTimeout", seconds(config.connectionTimeout()));
        hikari.addDataSourceProperty(
                "socketTimeout", seconds(config.statementTimeout().plusSeconds(5)));
        hikari.addDataSourceProperty(
                "options",
                "-c statement_timeout="
                        + config.statementTimeout().toMillis()
                        + " -c lock_timeout="
                        + config.lockTimeout().toMillis()
                        + " -c idle_in_transaction_session_timeout="
                        + config.statementTimeout().toMillis());
        return hikari;
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }

    /** Runs {@code work} in one transaction (READ COMMITTED), committed when it returns. */
    public <T> T inTransaction(Work<T> work) {
        return guarded(
                () ->
                        jdbi.inTransaction(
                                TransactionIsolationLevel.READ_COMMITTED,
                                handle -> work.run(new Transaction(handle))));
    }

    /**
     * Runs {@code work} without a transaction: every statement sees what was committed before it.
     */
    public <T> T read(Work<T> work) {
        return guarded(() -> jdbi.withHandle(handle -> work.run(new Transaction(handle))));
    }

    /** Whether Postgres answers; throws {@link DatabaseException} when it does not. */
    public void ping() {
        guarded(() -> jdbi.withHandle((Handle handle) -> handle.execute("select 1")));
    }

    public PoolStatistics poolStatistics() {
        HikariPoolMXBean statistics = pool.getHikariPoolMXBean();
        return new PoolStatistics(
                statistics.getActiveConnections(),
                statistics.getIdleConnections(),
                statistics.getTotalConnections(),
                statistics.getThreadsAwaitingConnection(),
                pool.getMaximumPoolSize());
    }

    @Override
    public void close() {
        pool.close();
    }

    private interface Call<T> {
        T run();
    }

    private static <T> T guarded(Call<T> call) {
        try {
            return call.run();
        } catch (JdbiException failed) {
            throw new DatabaseException("the index failed", failed);
        }
    }
}
