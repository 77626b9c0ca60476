package dev.modunest.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A data directory with a server that can be killed and started.
 *
 * @param binaries the folder of {@code pg_ctl}
 */
record TestCluster(Path binaries, Path data, int port) {

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    void start() {
        control("start", "-w", "-l", data.resolve("server.log").toString(), "-o", options());
    }

    /** As a crash: no checkpoint, connections broken. */
    void kill() {
        control("stop", "-m", "immediate");
    }

    private String options() {
        return "-p "
                + port
                + " -c unix_socket_directories='' -c fsync=off -c max_connections=300"
                + " -c listen_addresses=127.0.0.1";
    }

    private void control(String... arguments) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // Postgres refuses to run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(binaries.resolve("pg_ctl").toString(), "-D", data.toString()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("modunest-pg_ctl", ".log");
            int code =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start()
                            .waitFor();
            String told = Files.readString(output);
            Files.delete(output);
            if (code != 0) {
                throw new IllegalStateException(command + " ends with " + code + ": " + told);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopping);
        }
    }

    /** The first column of the first row as text; "" when there is none. */
    String ask(String sql) {
        try (Connection connection =
                        DriverManager.getConnection(url("postgres"), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }
}
