package dev.modunest.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A primary and a standby that follows it by streaming. */
final class TestReplication implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final TestPostgres server;
    private final Path folder;
    private final TestCluster primary;
    private final TestCluster standby;

    private TestReplication(TestPostgres server) throws IOException {
        this.server = server;
        this.primary = server.cluster();
        this.folder = Files.createTempDirectory("modunest-standby");
        Path data = folder.resolve("data");
        Files.createDirectory(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.standby = new TestCluster(primary.binaries(), data, TestCluster.freePort());
        copyPrimary();
        follow();
        standby.start();
    }

    static TestReplication of(TestPostgres server) {
        try {
            return new TestReplication(server);
        } catch (IOException failed) {
            server.close();
            throw new IllegalStateException("the standby does not start", failed);
        }
    }

    private void copyPrimary() throws IOException {
        primary.ask("select pg_create_physical_replication_slot('standby', true)");
        LowLevelBackup.take(primary, standby.data());
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
            if (standby.isRunning()) {
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
