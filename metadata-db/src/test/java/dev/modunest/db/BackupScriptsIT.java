package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The scripts of {@code backup/} on made-up WAL files and backups, without a server; the drill of
 * artifact-server runs them on one.
 */
class BackupScriptsIT {

    private static final Path SCRIPTS = Path.of("backup").toAbsolutePath();
    private static final int SEGMENT = 1 << 20;
    private static final long CLUSTER = 7_500_000_000_000_000_001L;
    private static final int TROUBLE = 200;

    @TempDir Path folder;
    private Path backup;
    private Path wal;
    private Path base;

    @BeforeEach
    void makeBackupFolder() throws IOException {
        backup = folder.resolve("backup");
        wal = Files.createDirectories(backup.resolve("wal"));
        base = Files.createDirectories(backup.resolve("base"));
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        try {
            Path out = folder.resolve("out");
            Path err = folder.resolve("err");
            int code =
                    new ProcessBuilder(command)
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile())
                            .start()
                            .waitFor();
            return new Ended(code, Files.readString(out), Files.readString(err));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopping);
        }
    }

    private static void assertFails(Ended ended, int code, String... fixes) {
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        assertThat(ended.err()).contains(fixes);
    }

    private static Ended assertSucceeds(Ended ended) {
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String segment(int timeline, int number) {
        return "%08X%08X%08X".formatted(timeline, number >> 12, number & 0xFFF);
    }

    /** A WAL file that begins as Postgres's do. */
    private static byte[] content(int timeline, int number, long cluster) {
        return ByteBuffer.allocate(SEGMENT)
                .order(ByteOrder.nativeOrder())
                .putShort((short) 0xD110)
                .putShort((short) 2)
                .putInt(timeline)
                .putLong((long) number * SEGMENT)
                .putLong(0)
                .putLong(cluster)
                .putInt(SEGMENT)
                .putInt(8192)
                .array();
    }

    private static Path write(Path into, int timeline, int number) throws IOException {
        return Files.write(
                into.resolve(segment(timeline, number)), content(timeline, number, CLUSTER));
    }

    /** A backup that begins in that WAL file and ends in its middle. */
    private Path makeBackup(String name, String ended, int timeline, int number)
            throws IOException {
        Path data = Files.createDirectories(base.resolve(name).resolve("data"));
        Files.createDirectories(data.resolve("global"));
        Files.writeString(data.resolve("PG_VERSION"), "15\n");
        Files.write(
                data.resolve("global/pg_control"),
                ByteBuffer.allocate(8192).order(ByteOrder.nativeOrder()).putLong(CLUSTER).array());
        Files.writeString(
                data.resolve("backup_label"),
                "START WAL LOCATION: 0/%X (file %s)\n"
                        .formatted(number * SEGMENT + 40, segment(timeline, number)));
        Files.writeString(data.resolve("postgresql.auto.conf"), "work_mem = '8MB'\n");
        Files.writeString(
                base.resolve(name).resolve("info"),
                "ended=%s\nend_lsn=0/%X\n".formatted(ended, number * SEGMENT + SEGMENT / 2));
        return data;
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive-wal", "restore-wal", "base-backup", "restore"})
    void eachTellsItsUsage(String script) {
        assertThat(assertSucceeds(run(script, "--help")).out()).startsWith("Usage: " + script);
    }

    @Nested
    class ArchiveWal {

        private Path lost;

        @BeforeEach
        void makeWal() throws IOException {
            lost = Files.createDirectory(folder.resolve("pg_wal"));
            write(lost, 1, 2);
        }

        private Ended archive(Object... arguments) {
            List<Object> all = new ArrayList<>(List.of("--to", backup));
            all.addAll(List.of(arguments));
            return run("archive-wal", all.toArray());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "gzip"})
        void aFileComesBackAsItWas(String compress) throws IOException {
            Path file = lost.resolve(segment(1, 2));

            assertSucceeds(
                    compress.isEmpty() ? archive(file) : archive("--compress", compress, file));

            assertThat(names(wal))
                    .containsExactly(segment(1, 2) + (compress.isEmpty() ? "" : ".gz"));
            Path back = folder.resolve("back");
            assertSucceeds(run("restore-wal", "--from", backup, segment(1, 2), back));
            assertThat(back).hasSameBinaryContentAs(file);
        }

        @Test
        void theSameFileAgainIsFine() throws IOException {
            Path file = lost.resolve(segment(1, 2));
            assertSucceeds(archive("--compress", "gzip", file));

            assertSucceeds(archive("--compress", "gzip", file));
            assertSucceeds(archive(file));

            assertThat(names(wal)).containsExactly(segment(1, 2) + ".gz");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "gzip"})
        void anotherFileOfTheNameIsNotOverwritten(String compress) throws IOException {
            Path file = lost.resolve(segment(1, 2));
            assertSucceeds(
                    compress.isEmpty() ? archive(file) : archive("--compress", compress, file));
            byte[] before = Files.readAllBytes(wal.resolve(names(wal).getFirst()));
            Files.write(file, content(1, 2, CLUSTER + 1));

            assertFails(archive(file), 1, "with other content", "give each its own");

            assertThat(names(wal)).hasSize(1);
            assertThat(wal.resolve(names(wal).getFirst())).hasBinaryContent(before);
        }

        @Test
        void aFolderThatIsNotThereIsNotMade() throws IOException {
            Files.delete(wal);

            assertFails(archive(lost.resolve(segment(1, 2))), 1, "mount what holds it");

            assertThat(wal).doesNotExist();
        }

        @Test
        void whatIsNoWalFileIsRefused() throws IOException {
            Path other = Files.writeString(lost.resolve("notes.txt"), "no");

            assertFails(archive(other), 2, "\"%p\"");
            assertFails(archive(), 2, "the WAL file is missing");
            assertFails(archive("--compress", "rar", lost.resolve(segment(1, 2))), 2, "rar");
            assertFails(run("archive-wal", lost.resolve(segment(1, 2))), 2, "--to is missing");
            assertFails(archive(lost.resolve(segment(1, 9))), 1, "cannot be read");
            assertThat(names(wal)).isEmpty();
        }
    }

    @Nested
    class RestoreWal {

        private Ended restore(String name) {
            return run("restore-wal", "--from", backup, name, folder.resolve("back"));
        }

        @Test
        void onlyAFileThatIsNotThereEndsTheArchive() throws IOException {
            assertThat(restore(segment(1, 2)).code()).isEqualTo(1);
            assertThat(restore("00000002.history").code()).isEqualTo(1);

            Files.writeString(wal.resolve(segment(1, 3) + ".gz"), "not compressed");
            assertFails(restore(segment(1, 3)), TROUBLE, "cannot be unpacked");
            assertFails(restore("notes.txt"), TROUBLE, "\"%f\" \"%p\"");
            assertFails(run("restore-wal", segment(1, 2)), TROUBLE, "--from is missing");
            Files.delete(wal.resolve(segment(1, 3) + ".gz"));
            Files.delete(wal);
            assertFails(restore(segment(1, 2)), TROUBLE, "mount it");
        }
    }

    @Nested
    class BaseBackup {

        private Path bin;

        /** Programs that make a backup which begins in the WAL file that the file "begin" names. */
        @BeforeEach
        void makePrograms() throws IOException {
            bin = Files.createDirectory(folder.resolve("bin"));
            program(
                    "pg_basebackup",
                    """
                    for argument; do [[ $argument != --pgdata=* ]] || data=${argument#--pgdata=}; done
                    mkdir -p "$data/global"
                    printf 'START WAL LOCATION: 0/28 (file %%s)\\n' "$(cat "%s/begin")" > "$data/backup_label"
                    printf '{"WAL-Ranges": [{"End-LSN": "0/2000100" }]}' > "$data/backup_manifest"
                    """
                            .formatted(folder));
            program("pg_verifybackup", "exit 0");
        }

        private void program(String name, String text) throws IOException {
            Path file = bin.resolve(name);
            Files.writeString(file, "#!/usr/bin/env bash\n" + text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        private Ended backUp(int timeline, int number, int keep) throws IOException {
            Files.writeString(folder.resolve("begin"), segment(timeline, number));
            return run("base-backup", "--to", backup, "--bin", bin, "--keep", keep);
        }

        private List<String> backups() throws IOException {
            return names(base).stream().filter(name -> !name.equals(".lock")).toList();
        }

        @Test
        void keepsSoManyBackupsAndTheWalThatTheyNeed() throws IOException {
            for (int number = 1; number <= 9; number++) {
                write(wal, 1, number);
            }
            Files.writeString(wal.resolve("00000002.history"), "");
            Files.writeString(wal.resolve(segment(1, 3) + ".00000028.backup"), "");
            Files.writeString(wal.resolve(segment(1, 4) + ".gz"), "");
            String first = assertSucceeds(backUp(1, 3, 2)).out().strip();
            String second = assertSucceeds(backUp(1, 6, 2)).out().strip();
            assertThat(names(wal)).contains(segment(1, 3)).doesNotContain(segment(1, 2));

            String third = assertSucceeds(backUp(1, 8, 2)).out().strip();

            assertThat(backups()).containsExactly(second, third).doesNotContain(first);
            assertThat(names(wal))
                    .containsExactly(
                            segment(1, 6),
                            segment(1, 7),
                            segment(1, 8),
                            segment(1, 9),
                            "00000002.history");
        }

        @Test
        void aYoungerBackupThatBeginsFurtherBackKeepsItsWal() throws IOException {
            write(wal, 1, 8);
            assertSucceeds(backUp(1, 8, 2));
            // As after a recovery to an earlier time.
            write(wal, 1, 4);
            write(wal, 2, 5);

            assertSucceeds(backUp(2, 5, 2));

            assertThat(names(wal)).containsExactly(segment(1, 8), segment(2, 5));
        }

        @Test
        void aBackupWithFaultsIsNotKeptAndRemovesNothing() throws IOException {
            String first = assertSucceeds(backUp(1, 3, 1)).out().strip();
            program("pg_verifybackup", "exit 1");

            assertFails(backUp(1, 5, 1), 1, "pg_verifybackup found faults");

            assertThat(backups()).containsExactly(first);
        }

        @Test
        void whatAKilledRunLeftIsRemovedAndNeverTakenForABackup() throws IOException {
            Files.createDirectories(base.resolve(".incomplete-77/data"));

            String only = assertSucceeds(backUp(1, 3, 5)).out().strip();

            assertThat(backups()).containsExactly(only);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "-1", "many"})
        void keepsAtLeastOne(String keep) {
            assertFails(
                    run("base-backup", "--to", backup, "--bin", bin, "--keep", keep),
                    2,
                    "from 1 up");
        }

        @Test
        void aFolderThatIsNotThereIsNotMade() throws IOException {
            Files.delete(wal);

            assertFails(backUp(1, 3, 1), 1, "mount what holds it");
        }
    }

    @Nested
    class Restore {

        private Path data;

        @BeforeEach
        void makeBackups() throws IOException {
            data = folder.resolve("data");
            makeBackup("20261101T100000.000Z", "2026-11-01T10:00:00.000Z", 1, 2);
            makeBackup("20261102T100000.000Z", "2026-11-02T10:00:00.000Z", 1, 4);
            for (int number = 2; number <= 6; number++) {
                write(wal, 1, number);
            }
        }

        private Ended restore(Object... arguments) {
            List<Object> all = new ArrayList<>(List.of("--from", backup, "--data", data));
            all.addAll(List.of(arguments));
            return run("restore", all.toArray());
        }

        private String settings() throws IOException {
            return Files.readString(data.resolve("postgresql.auto.conf"));
        }

        @Test
        void takesTheNewestBackupAndSetsTheRecoveryUp() throws IOException {
            Ended ended = assertSucceeds(restore());

            assertThat(ended.err()).contains("base backup 20261102T100000.000Z");
            assertThat(ended.out())
                    .contains("pg_ctl -D " + data + " start", "./modunest doctor", "base-backup");
            assertThat(data.resolve("recovery.signal")).exists();
            assertThat(data.resolve("global/pg_control")).exists();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            assertThat(settings())
                    .contains(
                            "work_mem = '8MB'",
                            "restore_command = '%s --from %s \"%%f\" \"%%p\"'"
                                    .formatted(SCRIPTS.resolve("restore-wal"), backup),
                            "recovery_target_time = ''",
                            "recovery_target_action = 'promote'")
                    .doesNotContain("archive_mode");
        }

        @ParameterizedTest
        @CsvSource({
            "--target-time, 2026-11-02T09:59:59.999Z, 20261101, 2026-11-02 09:59:59.999000+00",
            "--target-time, 2026-11-02T11:00:00.001+01:00, 20261102, 2026-11-02 10:00:00.001000+00",
            "--target-lsn, 0/47FFFF, 20261101, 0/47FFFF",
            "--target-lsn, 0/480000, 20261102, 0/480000",
            "--target-name, before upgrade, 20261102, before upgrade",
        })
        void takesTheNewestBackupThatEndedBeforeTheTarget(
                String option, String value, String day, String set) throws IOException {
            assertThat(assertSucceeds(restore(option, value)).err())
                    .contains("base backup " + day + "T");
            assertThat(settings())
                    .contains(
                            "recovery_%s = '%s'"
                                    .formatted(option.substring(2).replace('-', '_'), set));
        }

        @Test
        void takesTheBackupThatIsNamed() {
            assertThat(assertSucceeds(restore("--backup", "20261101T100000.000Z")).err())
                    .contains("base backup 20261101T100000.000Z");
        }

        @Test
        void aTargetBeforeEveryBackupIsRefused() {
            assertFails(
                    restore("--target-time", "2026-10-31T00:00:00Z"),
                    1,
                    "no backup that ended before time");
            assertThat(data).doesNotExist();
        }

        @Test
        void aDataDirectoryWithAnythingInItIsLeftAlone() throws IOException {
            Files.createDirectory(data);
            Files.writeString(data.resolve("precious"), "");

            assertFails(restore(), 1, "is not empty", "mv " + data);

            assertThat(names(data)).containsExactly("precious");
        }

        @Test
        void aPgWalWithAnythingInItIsLeftAlone() throws IOException {
            Path waldir = Files.createDirectory(folder.resolve("waldir"));
            write(waldir, 1, 7);

            assertFails(restore("--waldir", waldir), 1, "is not empty", "--wal-from " + waldir);

            assertThat(names(waldir)).containsExactly(segment(1, 7));
            assertThat(data).doesNotExist();
        }

        @Test
        void theTargetOfAnEarlierRecoveryIsForgotten() throws IOException {
            Files.writeString(
                    base.resolve("20261102T100000.000Z/data/postgresql.auto.conf"),
                    "recovery_target_time = '2026-01-01'\nrestore_command = 'false'\n");
            Files.writeString(base.resolve("20261102T100000.000Z/data/standby.signal"), "");

            assertSucceeds(restore());

            assertThat(settings()).doesNotContain("2026-01-01", "'false'");
            assertThat(data.resolve("standby.signal")).doesNotExist();
        }

        @Test
        void aDrillArchivesNothingAndWaitsForNoStandby() throws IOException {
            Path surviving = Files.createDirectory(folder.resolve("pg_wal"));
            write(surviving, 1, 7);
            write(surviving, 1, 8);

            assertSucceeds(restore("--drill", "--wal-from", surviving));

            assertThat(settings()).contains("archive_mode = off", "synchronous_standby_names = ''");
            assertThat(names(wal)).doesNotContain(segment(1, 7));
            assertThat(names(data.resolve("pg_wal"))).contains(segment(1, 7), segment(1, 8));
        }

        @Test
        void whatTheArchiveLacksIsTakenFromTheSurvivingWal() throws IOException {
            Path surviving = Files.createDirectory(folder.resolve("pg_wal"));
            Files.createDirectory(surviving.resolve("archive_status"));
            // Before every backup.
            write(surviving, 1, 1);
            write(surviving, 1, 6);
            write(surviving, 1, 7);
            Files.move(write(surviving, 1, 8), surviving.resolve(segment(1, 8) + ".partial"));
            // Made ready for later: one was another before, one is empty.
            Files.write(surviving.resolve(segment(1, 9)), content(1, 5, CLUSTER));
            Files.write(surviving.resolve(segment(1, 10)), new byte[SEGMENT]);
            Path waldir = folder.resolve("waldir");

            Ended ended = assertSucceeds(restore("--wal-from", surviving, "--waldir", waldir));

            assertThat(ended.err()).contains("2 WAL files of " + surviving);
            assertThat(names(waldir)).containsExactly(segment(1, 7), segment(1, 8));
            assertThat(waldir.resolve(segment(1, 8))).hasBinaryContent(content(1, 8, CLUSTER));
            assertThat(data.resolve("pg_wal")).isSymbolicLink();
            // 8 was still written to.
            assertThat(names(wal)).contains(segment(1, 7)).doesNotContain(segment(1, 8));
        }

        @Test
        void theWalOfAnotherClusterIsRefused() throws IOException {
            Path surviving = Files.createDirectory(folder.resolve("pg_wal"));
            Files.write(surviving.resolve(segment(1, 7)), content(1, 7, CLUSTER + 1));

            assertFails(restore("--wal-from", surviving), 1, "belongs to another cluster");
            assertThat(data).doesNotExist();
        }

        @Test
        void compressedWalOfAReceiverIsRefused() throws IOException {
            Path surviving = Files.createDirectory(folder.resolve("received"));
            Files.writeString(surviving.resolve(segment(1, 7) + ".gz.partial"), "");

            assertFails(restore("--wal-from", surviving), 1, "unpack what is compressed");
        }

        @Test
        void aFileThatIsMissingInBetweenIsNamed() throws IOException {
            Files.delete(wal.resolve(segment(1, 5)));

            assertFails(restore(), 1, segment(1, 5).substring(8), "--wal-from", "--allow-gap");
            assertThat(data).doesNotExist();

            assertSucceeds(restore("--target-lsn", "0/4A0000"));
            data = folder.resolve("other");
            assertThat(assertSucceeds(restore("--allow-gap")).err()).contains("is lost");
        }

        @Test
        void theLatestTimelineDecidesWhichBackupsAndWalCount() throws IOException {
            // As after a recovery to the middle of 3: the backup of the 2nd is not its ancestor.
            Files.writeString(wal.resolve("00000002.history"), "1\t0/380000\tbefore 2026-11-01\n");
            write(wal, 2, 3);
            write(wal, 2, 5);

            assertFails(restore(), 1, segment(2, 4).substring(8));
            write(wal, 2, 4);
            Ended ended = assertSucceeds(restore());

            assertThat(ended.err())
                    .contains("base backup 20261101T100000.000Z", "follows timeline 2")
                    .doesNotContain("WARNING");
            assertThat(settings()).contains("recovery_target_timeline = '2'");
            data = folder.resolve("other");
            assertThat(assertSucceeds(restore("--target-timeline", "1")).err())
                    .contains("base backup 20261102T100000.000Z")
                    .contains("WARNING: nothing of timeline 2 is recovered");
            assertFails(restore("--target-timeline", "7"), 1, "is not empty");
            data = folder.resolve("third");
            assertFails(restore("--target-timeline", "7"), 1, "00000007.history");
            assertFails(restore("--backup", "20261102T100000.000Z"), 1, "choose an earlier one");
        }

        @ParameterizedTest
        @CsvSource({
            "--target-time, 2026-11-02 10:00:00, its offset from UTC",
            "--target-time, yesterday, its offset from UTC",
            "--target-time, 2026-13-02T10:00:00Z, its offset from UTC",
            "--target-lsn, 42, a position in the log",
            "--target-name, it's, a restore point",
            "--target-timeline, new, a number",
            "--colour, red, there is no option --colour",
        })
        void badUsageIsExplained(String option, String value, String fix) {
            assertFails(restore(option, value), 2, fix, "restore --help");
        }

        @Test
        void oneTargetAtATime() {
            assertFails(
                    restore("--target-lsn", "0/1", "--target-name", "x"),
                    2,
                    "one target at a time");
            assertFails(restore("--pause"), 2, "--pause needs a target");
            assertFails(restore("--backup"), 2, "--backup needs a value");
            assertFails(run("restore", "--data", data), 2, "--from is missing");
            assertFails(run("restore", "--from", backup), 2, "--data is missing");
        }

        @Test
        void aBackupThatIsNotThereIsNamed() {
            assertFails(restore("--backup", "20250101T000000.000Z"), 1, "has no backup");
        }

        @Test
        void aBackupFolderThatCannotBeReadIsNamed() throws IOException {
            Files.move(backup, folder.resolve("unmounted"));

            assertFails(restore(), 1, "mount what holds it");
        }
    }
}
