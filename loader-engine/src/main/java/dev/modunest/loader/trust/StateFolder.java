package dev.modunest.loader.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The folder in which a host keeps what it trusted at one registry; engines and processes share it.
 * Thread-safe.
 */
final class StateFolder {

    /** File locks are held by a process, and do not keep its own threads apart. */
    private static final Map<Path, ReentrantLock> TURNS = new ConcurrentHashMap<>();

    private final Path folder;

    private StateFolder(Path folder) {
        this.folder = folder;
    }

    static StateFolder open(Path home) throws IOException {
        return new StateFolder(Files.createDirectories(home).toRealPath());
    }

    /** Work that no other engine of this machine may disturb. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    <T> T alone(Work<T> work) throws IOException {
        ReentrantLock turn = TURNS.computeIfAbsent(folder, _ -> new ReentrantLock());
        turn.lock();
        try (FileChannel channel =
                        FileChannel.open(
                                folder.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    Path subfolder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    Optional<byte[]> read(String name) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(name)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Replaces a file, whole or not at all, so that it survives a loss of power. */
    void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Path directory = folder.resolve(name + "/..").normalize();
        Files.createDirectories(directory);
        Path fresh = Files.createTempFile(directory, "state", ".new");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
