package dev.modunest.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A primary and a standby that follows it by streaming, made with the low-level backup functions
 * ("Making a Base Backup Using the Low Level API" in the PostgreSQL manual).
 */
final class TestReplication implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Of the files of the primary what a backup leaves out. */
    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

    private static final Set<String> EMPTIED = Set.of("pg_wal", "pg_replslot", "pg_stat_tmp");

    private final TestPostgres server;
    private final Path folder;
    private final TestCluster primary;
    private final TestCluster standby;

    private TestReplication(TestPostgres server) throws IOException, SQLException {
        this.server = server;
        DatabaseConfig any = server.newDatabase();
        int port = URI.create(any.url().substring("jdbc:".length())).getPort();
        TestCluster reached = new TestCluster(Path.of("/"), Path.of("/"), port);
        this.primary =
                new TestCluster(
                        Path.of(reached.ask("select setting from pg_config where name = 'BINDIR'")),
                        Path.of(reached.ask("show data_directory")),
                        port);
        this.folder = Files.createTempDirectory("modunest-standby");
        Path data = folder.resolve("data");
        Files.createDirectory(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.standby = new TestCluster(primary.binaries(), data, freePort());
        copyPrimary();
        follow();
        standby.start();
    }

    static TestReplication of(TestPostgres server) {
        try {
            return new TestReplication(server);
        } catch (IOException | SQLException failed) {
            server.close();
            throw new IllegalStateException("the standby does not start", failed);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void copyPrimary() throws IOException, SQLException {
        primary.ask("select pg_create_physical_replication_slot('standby', true)");
        // The backup lasts as long as this connection.
        try (Connection connection =
                        DriverManager.getConnection(
                                primary.url("postgres"), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('standby', true)");
            copy(primary.data(), standby.data());
            try (ResultSet stopped =
                    statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(standby.data().resolve("backup_label"), stopped.getString(1));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path source, BasicFileAttributes attributes) throws IOException {
                        if (!source.equals(from)) {
                            Files.copy(
                                    source,
                                    to.resolve(from.relativize(source)),
                                    StandardCopyOption.COPY_ATTRIBUTES);
                        }
                        return EMPTIED.contains(from.relativize(source).toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path source, BasicFileAttributes attributes)
                            throws IOException {
                        if (!LEFT_OUT.contains(source.getFileName().toString())) {
                            Files.copy(source, to.resolve(from.relativize(source)));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path source, IOException failure) {
                        // The primary goes on working, so files may vanish; the log has them.
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private void follow() throws IOException {
        Files.createFile(standby.data().resolve("standby.signal"));
        Files.writeString(
                standby.data().resolve("postgresql.auto.conf"),
                "\nprimary_conninfo = 'host=127.0.0.1 user=postgres application_name=standby port="
                        + primary.port()
                        + "'\nprimary_slot_name = 'standby'\nwal_retrieve_retry_interval = '100ms'\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    TestCluster primary() {
        return primary;
    }

    TestCluster standby() {
        return standby;
    }

    /** An empty database on both. */
    DatabaseConfig newDatabase() {
        return server.newDatabase();
    }

    /** {@code config} with the standby as the replica. */
    DatabaseConfig withReplica(DatabaseConfig config, Duration maxLag) {
        return TestPostgres.config(
                config.url(), config.poolSize(), List.of(standby.url(nameOf(config))), maxLag);
    }

    static String nameOf(DatabaseConfig config) {
        return config.url().replaceFirst(".*/", "").replaceFirst("\\?.*", "");
    }

    void pauseReplay() {
        standby.ask("select pg_wal_replay_pause()");
        await(
                "the pause",
                () -> standby.ask("select pg_get_wal_replay_pause_state()").equals("paused"));
    }

    void resumeReplay() {
        standby.ask("select pg_wal_replay_resume()");
    }

    LogPosition position() {
        return LogPosition.parse(primary.ask("select pg_current_wal_insert_lsn()"));
    }

    static void await(String what, BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > DEADLINE.toNanos()) {
                throw new AssertionError("not within " + DEADLINE + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    @Override
    public void close() {
        try {
            if (Files.exists(standby.data().resolve("postmaster.pid"))) {
                standby.kill();
            }
        } finally {
            server.close();
            deleteFolder();
        }
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
