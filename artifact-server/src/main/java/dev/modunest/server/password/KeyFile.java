package dev.modunest.server.password;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * The file of the keys that seal: one a line, 32 random bytes in base 64. The first seals, all
 * open, so that a new first line changes the key.
 */
final class KeyFile {

    static final int KEY_BYTES = 32;
    private static final int MOST_BYTES = 4096;

    /** Its group may read it, as Kubernetes mounts a secret with {@code fsGroup}. */
    private static final Set<PosixFilePermission> TOO_OPEN =
            Set.of(
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private KeyFile() {}

    /** Makes the file, readable by its owner alone, unless it is there. */
    static void createIfAbsent(Path file, SecureRandom random) {
        Path path = file.toAbsolutePath();
        if (Files.exists(path)) {
            return;
        }
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        try {
            Files.createDirectories(path.resolveSibling(""));
            Path fresh =
                    Files.createTempFile(
                            path.resolveSibling(""),
                            ".key",
                            "",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            try {
                writeForGood(fresh, Base64.getEncoder().encodeToString(key) + "\n");
                // A link is made whole or not at all, and never over a key that is there.
                Files.createLink(path, fresh);
            } catch (FileAlreadyExistsException other) {
                // Another process was faster; its key is the one.
                return;
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(
                    "the key file " + file + " cannot be written", unwritable);
        }
    }

    /** On the disk before anything is sealed with it. */
    private static void writeForGood(Path file, String content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    static List<byte[]> read(Path file) {
        try {
            requirePrivate(file);
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(
                        file + " has more than " + MOST_BYTES + " bytes: it is no key file");
            }
            List<byte[]> keys = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    keys.add(key(line.strip(), file));
                }
            }
            if (keys.isEmpty()) {
                throw noKey(file);
            }
            return keys;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the key file " + file + " cannot be read", unreadable);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
            if (TOO_OPEN.contains(permission)) {
                throw new IllegalArgumentException(
                        "others than its owner may read or write "
                                + file
                                + ", which holds keys; chmod 600 it");
            }
        }
    }

    private static byte[] key(String line, Path file) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException noBase64) {
            throw noKey(file);
        }
        if (key.length != KEY_BYTES) {
            throw noKey(file);
        }
        return key;
    }

    private static IllegalArgumentException noKey(Path file) {
        return new IllegalArgumentException(
                file
                        + " does not hold keys of 32 bytes in base 64, one a line; make one with: openssl rand -base64 32");
    }
}
