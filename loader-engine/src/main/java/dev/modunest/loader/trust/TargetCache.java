package dev.modunest.loader.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.tuf.RepositoryReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The latest content of each target that was read, kept in a folder. A file is used when it has the
 * hash that its path begins with. Thread-safe.
 */
final class TargetCache implements RepositoryReader {

    private final Path folder;
    private final RepositoryReader registry;

    TargetCache(Path folder, RepositoryReader registry) {
        this.folder = folder;
        this.registry = registry;
    }

    @Override
    public Optional<byte[]> fetch(String path, int maxBytes) throws IOException {
        int base = path.lastIndexOf('/') + 1;
        int dot = path.indexOf('.', base);
        Optional<Digest> hash =
                dot < 0 ? Optional.empty() : Digest.tryHex(path.substring(base, dot));
        Path file = folder.resolve(path.substring(0, base) + path.substring(dot + 1)).normalize();
        if (hash.isEmpty() || !file.startsWith(folder)) {
            return registry.fetch(path, maxBytes);
        }
        Optional<byte[]> kept = read(file).filter(content -> isOf(hash.get(), content));
        if (kept.isPresent()) {
            return kept;
        }
        Optional<byte[]> fetched = registry.fetch(path, maxBytes);
        if (fetched.filter(content -> isOf(hash.get(), content)).isPresent()) {
            keep(file, fetched.get());
        }
        return fetched;
    }

    private static boolean isOf(Digest hash, byte[] content) {
        return Digest.ofBytes(content).equals(hash);
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (IOException absentOrUnreadable) {
            return Optional.empty();
        }
    }

    private static void keep(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        Files.createDirectories(file.getParent());
        try {
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
