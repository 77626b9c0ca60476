package dev.modunest.standalone;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.jdbi.v3.core.Jdbi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real Postgres server on loopback, its data in a folder. Durable: {@code fsync} and {@code
 * synchronous_commit} are on. A server that outlived its parent, because that was killed, is
 * stopped before the next start.
 */
final class EmbeddedPostgresServer implements AutoCloseable {

    static final String USER = "postgres";

    /** Holds what searches among 100,000 plugins read; taken from the machine only as it fills. */
    private static final String SHARED_BUFFERS = "256MB";

    private static final Duration START_AT_MOST = Duration.ofSeconds(60);
    private static final Duration STOP_AT_MOST = Duration.ofSeconds(30);

    private final EmbeddedPostgres server;
    private final long pid;

    private EmbeddedPostgresServer(EmbeddedPostgres server, long pid) {
        this.server = server;
        this.pid = pid;
    }

    static EmbeddedPostgresServer start(DataDirectory directory) {
        Path data = directory.postgres();
        String password = directory.secrets().postgresPassword();
        try {
            stopOrphan(data);
            boolean secured = Files.exists(data.resolve("secured"));
            EmbeddedPostgres.Builder builder =
                    EmbeddedPostgres.builder()
                            .setDataDirectory(data)
                            .setCleanDataDirectory(false)
                            .setRegisterShutdownHook(false)
                            .setOverrideWorkingDirectory(directory.postgresBinaries().toFile())
                            .setPGStartupWait(START_AT_MOST)
                            // Whatever LANG says: a locale that is not installed would stop initdb.
                            .setLocaleConfig("locale", "C")
                            .setServerConfig("listen_addresses", "127.0.0.1")
                            .setServerConfig("unix_socket_directories", "")
                            .setServerConfig("shared_buffers", SHARED_BUFFERS)
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .setServerConfig("full_page_writes", "on")
                            .setServerConfig("password_encryption", "scram-sha-256")
                            .setConnectConfig("password", password);
            EmbeddedPostgres server = builder.start();
            EmbeddedPostgresServer started =
                    new EmbeddedPostgresServer(server, postmaster(data).orElseThrow().pid());
            if (!secured) {
                started.demandPassword(data, password);
            }
            return started;
        } catch (IOException failed) {
            throw new StandaloneException(
                    "the embedded Postgres did not start on "
                            + data
                            + ": "
                            + failed.getMessage()
                            + "; its log is in that folder",
                    failed);
        }
    }

    /** A new cluster trusts every local user: give it a password and demand it from now on. */
    private void demandPassword(Path data, String password) throws IOException {
        Jdbi jdbi = Jdbi.create(server.getPostgresDatabase());
        jdbi.useHandle(
                handle -> handle.execute("alter role " + USER + " password '" + password + "'"));
        Files.writeString(
                data.resolve("pg_hba.conf"),
                "host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n");
        jdbi.useHandle(handle -> handle.execute("select pg_reload_conf()"));
        DataDirectory.write(data.resolve("secured"), new byte[0]);
    }

    /**
     * Ends the postmaster that {@code data} names, when it still runs: the caller holds the lock of
     * the data directory.
     */
    private static void stopOrphan(Path data) throws IOException {
        Optional<ProcessHandle> orphan =
                postmaster(data).filter(EmbeddedPostgresServer::isPostgres);
        if (orphan.isEmpty()) {
            return;
        }
        orphan.get().destroy();
        try {
            orphan.get().onExit().get(STOP_AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stuck) {
            throw new StandaloneException(
                    "the Postgres of an earlier run, process "
                            + orphan.get().pid()
                            + ", does not stop; end it and start again",
                    stuck);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while Postgres stopped", interrupted);
        }
    }

    /** The process on the first line of {@code postmaster.pid}, when there is one. */
    private static Optional<ProcessHandle> postmaster(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile, StandardCharsets.UTF_8);
        return lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().filter(command -> command.endsWith("postgres")).isPresent();
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    long pid() {
        return pid;
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
