package dev.modunest.db;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * One connection to one server for watching it, apart from the pools, so that a full pool does not
 * look like a dead server. Not thread-safe.
 */
final class WatchedServer implements AutoCloseable {

    /** Reads the only row of an answer. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final String url;
    private final Properties properties = new Properties();
    private final int timeoutMillis;
    private @Nullable Connection connection;

    WatchedServer(String url, DatabaseConfig config) {
        this.url = url;
        this.timeoutMillis = Math.toIntExact(config.replicaTimeout().toMillis());
        String seconds = wholeSeconds(config.replicaTimeout());
        properties.setProperty("user", config.user());
        properties.setProperty("password", config.password().value());
        properties.setProperty("ApplicationName", "modunest-watch");
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("hostRecheckSeconds", "1");
    }

    private static String wholeSeconds(Duration duration) {
        return Long.toString(duration.plusMillis(999).toSeconds());
    }

    /** Asks, on a new connection when there is none; a failure leaves none. */
    <T> T ask(String sql, Row<T> reader) throws SQLException {
        Connection open = connection == null ? connect() : connection;
        try (Statement statement = open.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return reader.read(rows);
        } catch (SQLException failed) {
            close();
            throw failed;
        }
    }

    private Connection connect() throws SQLException {
        Connection made = DriverManager.getConnection(url, properties);
        // Finer than the whole seconds of the driver's property. The executor is not used by it.
        made.setNetworkTimeout(Runnable::run, timeoutMillis);
        connection = made;
        return made;
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException _) {
                // It was of no use any more.
            }
        }
    }
}
