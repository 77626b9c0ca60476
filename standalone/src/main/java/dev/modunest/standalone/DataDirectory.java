package dev.modunest.standalone;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * The folder that holds all that a standalone registry keeps. One process has it at a time: the
 * lock is the operating system's and ends with the process, however it ends.
 */
final class DataDirectory implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    /** Passwords between the processes of one data directory, made at its first start. */
    record Secrets(
            String postgresPassword, String s3AccessKey, String s3Secret, String downloadsToken) {}

    private DataDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Makes the folder, readable by its owner only, where it is missing. */
    static DataDirectory open(Path root) {
        try {
            boolean existed = Files.isDirectory(root);
            Files.createDirectories(root);
            if (!existed) {
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            }
            return locked(root.toRealPath());
        } catch (IOException failed) {
            throw new StandaloneException(
                    "the data directory "
                            + root
                            + " cannot be used: "
                            + failed
                            + "; give another with --data",
                    failed);
        }
    }

    private static DataDirectory locked(Path root) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            channel.close();
            throw inUse(root, heldByThisProcess);
        }
        if (lock == null) {
            channel.close();
            throw inUse(root, null);
        }
        return new DataDirectory(root, channel, lock);
    }

    private static StandaloneException inUse(Path root, @Nullable Throwable cause) {
        String message =
                "another modunest runs on the data directory "
                        + root
                        + "; stop it, or give another folder with --data";
        return cause == null
                ? new StandaloneException(message)
                : new StandaloneException(message, cause);
    }

    Path root() {
        return root;
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path postgresBinaries() {
        return root.resolve("postgres-binaries");
    }

    Path s3() {
        return root.resolve("s3");
    }

    Path edge() {
        return root.resolve("edge");
    }

    /** What seals the keys of access tokens in the index. */
    Path tokenKeyFile() {
        return root.resolve("tokens.key");
    }

    /** The registry's keys and certificates. */
    Path trust() {
        return root.resolve("trust");
    }

    Path tokenFile() {
        return root.resolve("admin.token");
    }

    /** Made at the first call, the same ever after; durable before it is returned. */
    Secrets secrets() {
        Path file = root.resolve("secrets.json");
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Map<String, String> kept =
                        JSON.readValue(file.toFile(), new TypeReference<Map<String, String>>() {});
                Secrets secrets =
                        new Secrets(
                                required(kept, "postgres_password", file),
                                required(kept, "s3_access_key", file),
                                required(kept, "s3_secret", file),
                                kept.getOrDefault("downloads_token", random()));
                // A directory of an earlier version has none.
                if (!kept.containsKey("downloads_token")) {
                    write(file, secrets);
                }
                return secrets;
            }
            Secrets made = new Secrets(random(), "modunest", random(), random());
            write(file, made);
            return made;
        } catch (IOException failed) {
            throw new StandaloneException(
                    file + " cannot be read or written: " + failed.getMessage(), failed);
        }
    }

    private static void write(Path file, Secrets secrets) throws IOException {
        write(
                file,
                JSON.writeValueAsBytes(
                        Map.of(
                                "postgres_password", secrets.postgresPassword(),
                                "s3_access_key", secrets.s3AccessKey(),
                                "s3_secret", secrets.s3Secret(),
                                "downloads_token", secrets.downloadsToken())));
    }

    private static String required(Map<String, String> kept, String key, Path file) {
        String value = kept.get(key);
        if (value == null) {
            throw new StandaloneException(
                    file
                            + " has no "
                            + key
                            + "; restore the file from a backup of the data directory");
        }
        return value;
    }

    private static String random() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Atomic and durable; readable by the owner only from its first byte. */
    static void write(Path file, byte[] content) throws IOException {
        Path temporary =
                Files.createTempFile(
                        file.toAbsolutePath().getParent(),
                        file.getFileName().toString(),
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
