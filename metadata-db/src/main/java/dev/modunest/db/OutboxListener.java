package dev.modunest.db;

import dev.modunest.db.identity.AccessStore;
import dev.modunest.db.trust.LogStore;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * Reads the outbox on a connection of its own that Postgres wakes at every new event. Any failure
 * is a {@link DatabaseException} and ends the connection's use. Not thread-safe.
 */
public final class OutboxListener implements AutoCloseable {

    /**
     * What stands in the outbox.
     *
     * @param serial the newest serial number before the events were read: without a gap they reach
     *     it, or there are as many as were asked for
     * @param events in the order of their serial numbers
     * @param position in the write-ahead log, behind all of them
     */
    public record Batch(long serial, List<OutboxEvent> events, LogPosition position) {

        public Batch {
            events = List.copyOf(events);
        }
    }

    private final Connection connection;
    private final PGConnection notifications;
    private final PreparedStatement serial;
    private final PreparedStatement events;
    private final PreparedStatement position;

    private OutboxListener(Connection connection) throws SQLException {
        this.connection = connection;
        this.notifications = connection.unwrap(PGConnection.class);
        try (Statement listen = connection.createStatement()) {
            listen.execute("listen " + OutboxStore.CHANNEL);
        }
        this.serial = connection.prepareStatement("select value from registry_serial");
        this.events =
                connection.prepareStatement(
                        """
                        select serial, kind, namespace, name, payload->>'coordinate' as coordinate,
                               payload->>'digest' as digest, created_at
                        from outbox where serial > ? order by serial limit ?
                        """);
        this.position = connection.prepareStatement("select pg_current_wal_insert_lsn()::text");
    }

    /**
     * Connects and begins to listen, so that no event after this is missed.
     *
     * @param answerWithin longest wait for an answer of Postgres
     */
    public static OutboxListener open(DatabaseConfig config, Duration answerWithin) {
        try {
            Connection connection =
                    DriverManager.getConnection(config.url(), properties(config, answerWithin));
            try {
                return new OutboxListener(connection);
            } catch (SQLException failed) {
                connection.close();
                throw failed;
            }
        } catch (SQLException failed) {
            throw failed("the outbox cannot be listened to", failed);
        }
    }

    static Properties properties(DatabaseConfig config, Duration answerWithin) {
        String seconds = Long.toString(Math.max(1, answerWithin.toSeconds()));
        Properties properties = new Properties();
        properties.setProperty("user", config.user());
        properties.setProperty("password", config.password().value());
        properties.setProperty("ApplicationName", "modunest-listener");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("options", "-c statement_timeout=" + answerWithin.toMillis());
        return properties;
    }

    /** The events after {@code serial}, the first {@code limit} of them. */
    public Batch after(long after, int limit) {
        try {
            long newest = newestSerial();
            List<OutboxEvent> found = events(after, limit);
            return new Batch(newest, found, LogPosition.parse(text(position)));
        } catch (SQLException failed) {
            throw failed("the outbox cannot be read", failed);
        }
    }

    private long newestSerial() throws SQLException {
        try (ResultSet row = serial.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private List<OutboxEvent> events(long after, int limit) throws SQLException {
        events.setLong(1, after);
        events.setInt(2, limit);
        List<OutboxEvent> found = new ArrayList<>();
        try (ResultSet rows = events.executeQuery()) {
            while (rows.next()) {
                found.add(event(rows));
            }
        }
        return found;
    }

    private static OutboxEvent event(ResultSet row) throws SQLException {
        return new OutboxEvent(
                row.getLong("serial"),
                row.getString("kind"),
                new PluginId(row.getString("namespace"), row.getString("name")),
                Optional.ofNullable(row.getString("coordinate")).map(Coordinate::parse),
                Optional.ofNullable(row.getString("digest")).map(Digest::parse),
                row.getTimestamp("created_at").toInstant());
    }

    private static String text(PreparedStatement one) throws SQLException {
        try (ResultSet row = one.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /** What else servers tell each other. */
    public enum Signal {
        /** A server gave publishes up. */
        PUBLISHES_FREE(PublishStore.FREE),
        /** What is remembered of access is to be forgotten. */
        ACCESS_CHANGED(AccessStore.CHANGED),
        /** The writer of the log has work. */
        LEAVES_APPENDED(LogStore.APPENDED),
        /** The log has a new checkpoint. */
        CHECKPOINT_PUBLISHED(LogStore.PUBLISHED);

        private final String payload;

        Signal(String payload) {
            this.payload = payload;
        }
    }

    /**
     * Returns when an event was committed or a signal given since the last call, or after {@code
     * longest}, with the signals.
     */
    public Set<Signal> await(Duration longest) {
        try {
            PGNotification[] heard =
                    notifications.getNotifications((int) Math.max(1, longest.toMillis()));
            Set<Signal> signals = EnumSet.noneOf(Signal.class);
            for (Signal signal : Signal.values()) {
                if (Arrays.stream(heard)
                        .anyMatch(one -> one.getParameter().equals(signal.payload))) {
                    signals.add(signal);
                }
            }
            return signals;
        } catch (SQLException failed) {
            throw failed("the connection to the outbox is lost", failed);
        }
    }

    private static DatabaseException failed(String what, SQLException cause) {
        return new DatabaseException(what, cause);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw failed("the connection to the outbox does not close", failed);
        }
    }
}
