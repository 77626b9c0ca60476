package dev.modunest.loader.fetch;

import dev.modunest.format.Digest;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * Artifacts by digest: {@code sha256/ab/cdef...}. Files appear complete, by an atomic rename, so
 * that threads and processes share a cache without locks; a reader checks the digest again.
 */
public final class ArtifactCache {

    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path artifacts;
    private final Path partial;

    private ArtifactCache(Path directory) {
        this.artifacts = directory.resolve("sha256");
        this.partial = directory.resolve("partial");
    }

    /** Opens the cache in {@code directory} and clears what crashed writers left a day ago. */
    public static ArtifactCache open(Path directory, InstantSource clock) throws IOException {
        ArtifactCache cache = new ArtifactCache(directory);
        Files.createDirectories(cache.artifacts);
        Files.createDirectories(cache.partial);
        cache.sweep(clock.instant().minus(ABANDONED));
        return cache;
    }

    private void sweep(Instant before) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                if (isOlder(file, before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isOlder(Path file, Instant before) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(before);
        } catch (NoSuchFileException finishedMeanwhile) {
            return false;
        }
    }

    public Path pathOf(Digest digest) {
        return artifacts.resolve(digest.hex().substring(0, 2)).resolve(digest.hex().substring(2));
    }

    Optional<Path> find(Digest digest) {
        Path path = pathOf(digest);
        return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
    }

    /** A name of its own for bytes that are coming in. */
    Path newPartial(Digest digest) {
        return partial.resolve(digest.hex() + "-" + UUID.randomUUID());
    }

    /** Makes {@code complete}, whose digest has been checked, the artifact {@code digest}. */
    Path admit(Path complete, Digest digest) throws IOException {
        Path path = pathOf(digest);
        Files.createDirectories(path.getParent());
        try (FileChannel file = FileChannel.open(complete, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        return Files.move(complete, path, StandardCopyOption.ATOMIC_MOVE);
    }

    void discard(Path artifact) throws IOException {
        Files.deleteIfExists(artifact);
    }
}
