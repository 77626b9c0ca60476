package dev.modunest.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
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
public record TestCluster(Path binaries, Path data, int port) {

    /**
     * Makes a new cluster, which does not run yet.
     *
     * @param wal where {@code pg_wal} is to be, outside of {@code data}
     */
    public static TestCluster create(Path binaries, Path data, Path wal) {
        run(
                List.of(
                        binaries.resolve("initdb").toString(),
                        "--pgdata=" + data,
                        "--waldir=" + wal,
                        // Small, so that a test has many of them.
                        "--wal-segsize=1",
                        "--auth=trust",
                        "--username=postgres",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync"));
        return new TestCluster(binaries, data, freePort());
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public void start() {
        Path log = data.resolve("server.log");
        try {
            control("start", "-w", "-l", log.toString(), "-o", options());
        } catch (IllegalStateException failed) {
            throw new IllegalStateException(Files.exists(log) ? read(log) : "no log", failed);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Whether it was started and not killed. */
    public boolean isRunning() {
        return Files.exists(data.resolve("postmaster.pid"));
    }

    /** As a crash: no checkpoint, connections broken. */
    public void kill() {
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
        command.addAll(List.of(binaries.resolve("pg_ctl").toString(), "-D", data.toString()));
        command.addAll(List.of(arguments));
        run(command);
    }

    private static void run(List<String> arguments) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            // Postgres refuses to run as root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(arguments);
        try {
            Path output = Files.createTempFile("modunest-postgres", ".log");
            int code =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start()
                            .waitFor();
            String told = read(output);
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
    public String ask(String sql) {
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
