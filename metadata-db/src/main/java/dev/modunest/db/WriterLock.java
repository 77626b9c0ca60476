package dev.modunest.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The one right among all servers to write something: an advisory lock of Postgres on a connection
 * of its own, gone with it. Not thread-safe.
 */
public final class WriterLock implements AutoCloseable {

    /** What there is one writer of. */
    public enum Subject {
        /** The transparency log; "modunlog". */
        LOG(0x6d6f64756e6c6f67L),
        /** The files of freshness; "moduntuf". */
        FRESHNESS(0x6d6f64756e747566L);

        private final long key;

        Subject(long key) {
            this.key = key;
        }

        private String words() {
            return "the lock of the writer of " + name().toLowerCase(Locale.ROOT);
        }
    }

    private final Subject subject;
    private final Connection connection;

    private WriterLock(Subject subject, Connection connection) {
        this.subject = subject;
        this.connection = connection;
    }

    /**
     * Takes the lock; empty while another has it.
     *
     * @param answerWithin longest wait for an answer of Postgres
     */
    public static Optional<WriterLock> tryTake(
            Subject subject, DatabaseConfig config, Duration answerWithin) {
        try {
            Connection connection =
                    DriverManager.getConnection(
                            config.url(), OutboxListener.properties(config, answerWithin));
            try {
                if (isTaken(subject, connection)) {
                    return Optional.of(new WriterLock(subject, connection));
                }
                connection.close();
                return Optional.empty();
            } catch (SQLException failed) {
                connection.close();
                throw failed;
            }
        } catch (SQLException failed) {
            throw new DatabaseException(subject.words() + " cannot be asked for", failed);
        }
    }

    private static boolean isTaken(Subject subject, Connection connection) throws SQLException {
        try (PreparedStatement take =
                connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            take.setLong(1, subject.key);
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
            throw new DatabaseException(subject.words() + " is lost", lost);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw new DatabaseException(subject.words() + " does not close", failed);
        }
    }
}
