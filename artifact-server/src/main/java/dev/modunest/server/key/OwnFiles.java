package dev.modunest.server.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that their owner alone may read. */
public final class OwnFiles {

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private OwnFiles() {}

    /** Throws {@link KeyException} with the fix when others may read or change it. */
    static void requireOwn(Path file) {
        try {
            if (!Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)) {
                return;
            }
            if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw new KeyException(
                        file + " may be read or changed by others; run: chmod 600 " + file);
            }
        } catch (NoSuchFileException absent) {
            throw new KeyException(file + " is not there");
        } catch (IOException unreadable) {
            throw new KeyException(file + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** Bytes of a file that its owner alone may read. */
    static byte[] read(Path file) {
        requireOwn(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new KeyException(file + " cannot be read: " + unreadable.getMessage());
        }
    }

    /**
     * Writes a file that is not there yet, with permissions 0600 from its first byte on.
     *
     * @throws KeyException when it is there: a key is never written over
     */
    public static void create(Path file, byte[] content) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder);
            }
            try (FileChannel out = open(file)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
        } catch (FileAlreadyExistsException present) {
            throw new KeyException(
                    file + " is there already; move it away, or name another file", present);
        } catch (IOException failed) {
            throw new KeyException(file + " cannot be written: " + failed.getMessage(), failed);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        Set<StandardOpenOption> options =
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            return FileChannel.open(
                    file,
                    options,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException noPosix) {
            return FileChannel.open(file, options);
        }
    }
}
