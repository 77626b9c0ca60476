package dev.modunest.db;

import dev.modunest.settings.Secret;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * A Postgres server of the test run's own; every call of {@link #newDatabase} makes an empty
 * database on it.
 */
public final class TestPostgres implements AutoCloseable {

    private final EmbeddedPostgres server;
    private int databases;
    private String template = "";

    private TestPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /** The server that the product ships with. */
    public static TestPostgres bundled() {
        return start(EmbeddedPostgres.builder());
    }

    /** The oldest server that the SQL must run on; the build copies it. */
    public static TestPostgres oldest() {
        return start(
                EmbeddedPostgres.builder()
                        .setPgBinaryResolver(
                                (system, machine) ->
                                        URI.create(
                                                        "jar:"
                                                                + Path.of(
                                                                                "target/oldest-postgres.jar")
                                                                        .toUri()
                                                                + "!/postgres-linux-x86_64.txz")
                                                .toURL()
                                                .openStream()));
    }

    private static TestPostgres start(EmbeddedPostgres.Builder builder) {
        builder.setServerConfig("fsync", "off");
        try {
            return new TestPostgres(builder.start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The server as something that can be killed and started. */
    public TestCluster cluster() {
        TestCluster reached = new TestCluster(Path.of("/"), Path.of("/"), server.getPort());
        return new TestCluster(
                Path.of(reached.ask("select setting from pg_config where name = 'BINDIR'")),
                Path.of(reached.ask("show data_directory")),
                server.getPort());
    }

    DatabaseConfig newDatabase() {
        String name = "test" + ++databases;
        execute("create database " + name);
        return config(server.getJdbcUrl("postgres", name), 5);
    }

    /** A database that has the schema already: a copy, which is quicker than the migrations. */
    DatabaseConfig newIndex() {
        if (template.isEmpty()) {
            Database.open(newDatabase()).close();
            template = "test" + databases;
        }
        String name = "test" + ++databases;
        execute("create database " + name + " template " + template);
        return config(server.getJdbcUrl("postgres", name), 5);
    }

    static DatabaseConfig config(String url, int poolSize) {
        return config(url, poolSize, List.of(), Duration.ofSeconds(10));
    }

    static DatabaseConfig config(
            String url, int poolSize, List<String> replicas, Duration replicaMaxLag) {
        return new DatabaseConfig(
                url,
                "postgres",
                new Secret("postgres"),
                poolSize,
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofMillis(500),
                replicas,
                5,
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                replicaMaxLag);
    }

    void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** Runs {@code sql} past the stores. */
    static void execute(DatabaseConfig config, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(
                                config.url(), config.user(), config.password().value());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /** How many statements wait for a lock of another transaction. */
    long waitingForLocks() {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select count(*) from pg_stat_activity where wait_event_type = 'Lock'")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The one number that {@code sql} answers, read past the stores. */
    static long count(DatabaseConfig config, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(
                                config.url(), config.user(), config.password().value());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
