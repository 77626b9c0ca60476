package dev.modunest.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;

/** A bounded pool of connections to one server, or to whichever is the primary. Thread-safe. */
final class ConnectionPool implements AutoCloseable {

    private static final String SCHEME = "jdbc:postgresql:";

    private final HikariDataSource pool;
    private final String server;
    private final Jdbi jdbi;

    private ConnectionPool(HikariConfig config, StatementTimes times) {
        this.pool = new HikariDataSource(config);
        this.server = serverOf(config.getJdbcUrl());
        this.jdbi = Jdbi.create(pool).setSqlLogger(times);
        // The values of a statement may be secrets, and its message goes to the log.
        jdbi.getConfig(StatementExceptions.class)
                .setMessageRendering(StatementExceptions.MessageRendering.NONE);
    }

    /**
     * Connects at once.
     *
     * @throws DatabaseException when Postgres cannot be reached in time
     */
    static ConnectionPool ofPrimary(DatabaseConfig config, StatementTimes times) {
        HikariConfig hikari = common("modunest", config.url(), config);
        hikari.setMetricsTrackerFactory((_, _) -> new PoolWaits("primary", times.observer()));
        hikari.setMaximumPoolSize(config.poolSize());
        hikari.setMinimumIdle(Math.min(2, config.poolSize()));
        setConnectionTimeout(hikari, config.connectionTimeout());
        hikari.setInitializationFailTimeout(config.connectionTimeout().toMillis());
        hikari.addDataSourceProperty("options", options(config));
        try {
            return new ConnectionPool(hikari, times);
        } catch (HikariPool.PoolInitializationException unreachable) {
            throw new DatabaseException(
                    "Postgres cannot be reached at " + config.url() + " as " + config.user(),
                    unreachable);
        }
    }

    /** Connects when it can. */
    static ConnectionPool ofReplica(String url, DatabaseConfig config, StatementTimes times) {
        HikariConfig hikari = common("modunest-" + serverOf(url), url, config);
        hikari.setMetricsTrackerFactory((_, _) -> new PoolWaits(serverOf(url), times.observer()));
        hikari.setMaximumPoolSize(config.replicaPoolSize());
        hikari.setMinimumIdle(1);
        setConnectionTimeout(hikari, config.replicaTimeout());
        hikari.setInitializationFailTimeout(-1);
        hikari.addDataSourceProperty(
                "options", options(config) + " -c default_transaction_read_only=on");
        return new ConnectionPool(hikari, times);
    }

    private static HikariConfig common(String name, String url, DatabaseConfig config) {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName(name);
        hikari.setJdbcUrl(url);
        hikari.setUsername(config.user());
        hikari.setPassword(config.password().value());
        hikari.setMaxLifetime(Duration.ofMinutes(30).toMillis());
        hikari.setExceptionOverride(new ReadOnlyServers());
        hikari.addDataSourceProperty("ApplicationName", "modunest");
        hikari.addDataSourceProperty("tcpKeepAlive", "true");
        hikari.addDataSourceProperty("logServerErrorDetail", "false");
        // Of several hosts in the URL a promoted one is found within a second, not ten.
        hikari.addDataSourceProperty("hostRecheckSeconds", "1");
        hikari.addDataSourceProperty(
                "socketTimeout", seconds(config.statementTimeout().plusSeconds(5)));
        return hikari;
    }

    private static void setConnectionTimeout(HikariConfig hikari, Duration timeout) {
        hikari.setConnectionTimeout(timeout.toMillis());
        hikari.setValidationTimeout(timeout.toMillis());
        hikari.addDataSourceProperty("connectTimeout", seconds(timeout));
    }

    private static String options(DatabaseConfig config) {
        return "-c statement_timeout="
                + config.statementTimeout().toMillis()
                + " -c lock_timeout="
                + config.lockTimeout().toMillis()
                + " -c idle_in_transaction_session_timeout="
                + config.statementTimeout().toMillis()
                // Said here once, it costs no round trip in each transaction.
                // Compiling a statement takes longer than any of ours runs.
                + " -c jit=off"
                + " -c default_transaction_isolation=read\\ committed";
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }

    private static String serverOf(String url) {
        String rest = url.substring(SCHEME.length()).replaceFirst("^//", "");
        String hosts = rest.replaceFirst("[/?].*", "");
        return hosts.isEmpty() ? "localhost" : hosts;
    }

    String server() {
        return server;
    }

    <T> T read(Database.Work<T> work) {
        return guarded(handle -> work.run(new Transaction(handle)));
    }

    <T> T inTransaction(Database.Work<T> work) {
        return guarded(
                handle -> {
                    T result =
                            handle.inTransaction(
                                    inside -> {
                                        Transaction transaction = new Transaction(inside);
                                        T done = work.run(transaction);
                                        transaction.writeLast();
                                        return done;
                                    });
                    requireConfirmed(handle);
                    return result;
                });
    }

    /**
     * A commit whose wait for a synchronous standby is cancelled is not undone: Postgres answers
     * with success and a warning that the standby may not have it. Nobody is told that such a
     * commit succeeded.
     */
    private static void requireConfirmed(Handle committed) {
        try {
            SQLWarning warning = committed.getConnection().getWarnings();
            if (warning != null) {
                throw new DatabaseException("the commit is not confirmed", warning);
            }
        } catch (SQLException broken) {
            throw new DatabaseException("the commit is not confirmed", broken);
        }
    }

    <T> T guarded(HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.withHandle(work);
        } catch (JdbiException failed) {
            throw new DatabaseException("the index failed", failed);
        }
    }

    /** Whether there is a connection, so that nobody waits for the first to be made. */
    boolean isConnected() {
        return pool.getHikariPoolMXBean().getTotalConnections() > 0;
    }

    /** Drops the connections of a server that is gone: none of them is given out any more. */
    void evictConnections() {
        pool.getHikariPoolMXBean().softEvictConnections();
    }

    PoolStatistics statistics() {
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
}
