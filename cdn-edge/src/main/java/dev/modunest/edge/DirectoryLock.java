package dev.modunest.edge;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Says that this process alone owns the directory of the disk tier: a lock of the system on the
 * file {@code lock} in it, which ends with the process, however that ends.
 */
final class DirectoryLock implements AutoCloseable {

    private final FileChannel file;
    private final FileLock lock;

    private DirectoryLock(FileChannel file, FileLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /** The lock; empty when another edge has it. */
    static Optional<DirectoryLock> tryTake(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel file =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = file.tryLock();
            taken = lock != null;
            return lock == null ? Optional.empty() : Optional.of(new DirectoryLock(file, lock));
        } catch (OverlappingFileLockException anotherEdgeOfThisProcess) {
            return Optional.empty();
        } finally {
            if (!taken) {
                file.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        file.close();
    }
}
