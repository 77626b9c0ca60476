package dev.modunest.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * The one right among all servers to write the log: an advisory lock of Postgres on a connection of
 * its own, gone with it. Not thread-safe.
 */
public final class WriterLock implements AutoCloseable {

    /** "modunlog". */
    private static final long KEY = 0x6d6f64756e6c6f67L;

    private final Connection connection;

    private WriterLock(Connection connection) {
        this.connection = connection;
    }

    /**
     * Takes the lock; empty while another has it.
     *
     * @param answerWithin longest wait for an answer of Postgres
     */
    public static Optional<WriterLock> tryTake(DatabaseConfig config, Duration answerWithin) {
        try {
            Connection connection =
                    DriverManager.getConnection(
                            config.url(), OutboxListener.properties(config, answerWithin));
            try {
                if (isTaken(connection)) {
                    return Optional.of(new WriterLock(connection));
                }
                connection.close();
                return Optional.empty();
            } catch (SQLException failed) {
                connection.close();
                throw failed;
            }
        } catch (SQLException failed) {
            throw new DatabaseException("the lock of the log cannot be asked for", failed);
        }
    }

    private static boolean isTaken(Connection connection) throws SQLException {
        try (PreparedStatement take =
                connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            take.setLong(1, KEY);
            try (ResultSet row = take.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Throws {@link DatabaseException} when the connection, and the lock with it, is gone. */
    public void requireHeld() {
        try (Statement check = connection.createStatement()) {
            check.execute("select 1");
        } catch (SQLException lost) {
            throw new DatabaseException("the lock of the log is lost", lost);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw new DatabaseException("the lock of the log does not close", failed);
        }
    }
}
