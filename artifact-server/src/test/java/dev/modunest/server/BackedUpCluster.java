package dev.modunest.server;

import dev.modunest.db.LowLevelBackup;
import dev.modunest.db.TestCluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Postgres cluster that archives its log with the scripts of {@code metadata-db/backup} and that
 * can be lost and restored with them. Its {@code pg_wal} is outside of its data directory.
 */
final class BackedUpCluster implements AutoCloseable {

    private static final Path SCRIPTS =
            Path.of("../metadata-db/backup").toAbsolutePath().normalize();
    private static final DateTimeFormatter BACKUP_NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final TestCluster cluster;
    private final Optional<Path> programs;
    private final List<Process> receivers = new ArrayList<>();
    private int lost;

    private BackedUpCluster(Path folder, TestCluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
        this.programs = programs();
    }

    /** A running cluster with an empty database. */
    static BackedUpCluster start(Path binaries) {
        try {
            Path folder = Files.createTempDirectory("modunest-recovery");
            Files.createDirectories(folder.resolve("backup/base"));
            Files.createDirectories(folder.resolve("backup/wal"));
            TestCluster cluster =
                    TestCluster.create(binaries, folder.resolve("data"), folder.resolve("wal"));
            Files.writeString(
                    cluster.data().resolve("postgresql.conf"),
                    "\narchive_mode = on\narchive_command = '%s --to %s \"%%p\"'\n"
                            .formatted(SCRIPTS.resolve("archive-wal"), folder.resolve("backup")),
                    StandardOpenOption.APPEND);
            BackedUpCluster started = new BackedUpCluster(folder, cluster);
            cluster.start();
            cluster.ask("create database modunest");
            return started;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The JDBC URL, the same after every restore. */
    String url() {
        return cluster.url("modunest");
    }

    String ask(String sql) {
        return cluster.ask(sql);
    }

    /** With the script where its programs are on the machine, else into the same layout. */
    void backUp() {
        if (programs.isPresent()) {
            run(
                    "base-backup",
                    "--to",
                    folder.resolve("backup").toString(),
                    "--connect",
                    "host=127.0.0.1 user=postgres port=" + cluster.port(),
                    "--bin",
                    programs.get().toString());
            return;
        }
        try {
            Path incomplete = folder.resolve("backup/base/.incomplete");
            Path data = Files.createDirectories(incomplete.resolve("data"));
            String end = LowLevelBackup.take(cluster, data);
            Instant ended = Instant.now();
            Files.writeString(
                    incomplete.resolve("info"), "ended=" + ended + "\nend_lsn=" + end + "\n");
            Files.move(incomplete, incomplete.resolveSibling(BACKUP_NAME.format(ended)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Returns when all that has been written so far is in the archive. */
    void archive() {
        String segment = ask("select pg_walfile_name(pg_current_wal_lsn())");
        ask("select pg_switch_wal()");
        Awaiting.until(() -> Files.exists(folder.resolve("backup/wal").resolve(segment)));
    }

    /** Whether {@link #receive} can be used: the bundled servers lack the program. */
    boolean canReceive() {
        return programs.isPresent();
    }

    /** Follows the log as a synchronous standby; answers where it is written. */
    Path receive() {
        try {
            Path received = Files.createDirectory(folder.resolve("received"));
            ask("select pg_create_physical_replication_slot('receiver', true)");
            receivers.add(
                    new ProcessBuilder(
                                    programs.orElseThrow().resolve("pg_receivewal").toString(),
                                    "--directory=" + received,
                                    "--dbname=host=127.0.0.1 user=postgres"
                                            + " application_name=receiver port="
                                            + cluster.port(),
                                    "--slot=receiver",
                                    "--synchronous",
                                    "--no-loop")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("receiver.log").toFile())
                            .start());
            ask("alter system set synchronous_standby_names = 'receiver'");
            ask("select pg_reload_conf()");
            Awaiting.until(
                    () ->
                            ask("select count(*) from pg_stat_replication where sync_state = 'sync'")
                                    .equals("1"));
            return received;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    void crash() {
        cluster.kill();
    }

    /** Deletes the data directory of a server that has crashed; answers where its pg_wal is. */
    Path lose() {
        Path wal = folder.resolve("wal");
        Path surviving = folder.resolve("wal.lost" + ++lost);
        try {
            delete(cluster.data());
            Files.move(wal, surviving);
            return surviving;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Restores with these options more and starts; returns when the recovery has ended. */
    String restore(String... options) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--from",
                                folder.resolve("backup").toString(),
                                "--data",
                                cluster.data().toString(),
                                "--waldir",
                                folder.resolve("wal").toString()));
        programs.ifPresent(bin -> arguments.addAll(List.of("--bin", bin.toString())));
        arguments.addAll(List.of(options));
        String told = run("restore", arguments.toArray(String[]::new));
        cluster.start();
        Awaiting.until(() -> ask("select pg_is_in_recovery()").equals("f"));
        return told;
    }

    private String run(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String told =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " fails: " + told);
            }
            return told;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopping);
        }
    }

    /** Where the backup programs of the server's own version are, if on this machine at all. */
    private Optional<Path> programs() {
        String major = run(cluster.binaries().resolve("postgres").toString(), "--version");
        String version = major.replaceFirst(".* (\\d+)\\..*\\R", "$1");
        Stream<Path> folders =
                Stream.concat(
                        Stream.of(Path.of("/usr/lib/postgresql/" + version + "/bin")),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of));
        return folders.filter(
                        bin ->
                                Files.isExecutable(bin.resolve("pg_verifybackup"))
                                        && Files.isExecutable(bin.resolve("pg_receivewal"))
                                        && run(bin.resolve("pg_basebackup").toString(), "--version")
                                                .contains(" " + version + "."))
                .findFirst();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private boolean isDeleted() {
        try {
            delete(folder);
            return true;
        } catch (IOException | UncheckedIOException stillWritten) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            if (cluster.isRunning()) {
                cluster.kill();
            }
            for (Process receiver : receivers) {
                receiver.destroy();
                receiver.waitFor();
            }
            // The archiver's last script may outlive the server for a moment.
            Awaiting.until(this::isDeleted);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
