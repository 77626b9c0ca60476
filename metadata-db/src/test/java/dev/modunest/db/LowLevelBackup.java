package dev.modunest.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A base backup without pg_basebackup, which the bundled server lacks ("Making a Base Backup Using
 * the Low Level API" in the PostgreSQL manual). It has no write-ahead log.
 */
public final class LowLevelBackup {

    /** Of the files of the server what a backup leaves out. */
    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

    private static final Set<String> EMPTIED = Set.of("pg_wal", "pg_replslot", "pg_stat_tmp");

    private LowLevelBackup() {}

    /**
     * Copies a running cluster into an empty folder.
     *
     * @return the position in the log at which the backup ends
     */
    public static String take(TestCluster cluster, Path to) {
        // The backup lasts as long as this connection.
        try (Connection connection =
                        DriverManager.getConnection(
                                cluster.url("postgres"), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('low level', true)");
            copy(cluster.data(), to);
            try (ResultSet stopped =
                    statement.executeQuery("select labelfile, lsn from pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(to.resolve("backup_label"), stopped.getString(1));
                return stopped.getString(2);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
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
                            // Of a link to pg_wal elsewhere it makes an empty folder.
                            Files.copy(source, to.resolve(from.relativize(source)));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path source, IOException failure) {
                        // The server goes on working, so files may vanish; the log has them.
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
