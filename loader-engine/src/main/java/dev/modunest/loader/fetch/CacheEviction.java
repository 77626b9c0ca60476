package dev.modunest.loader.fetch;

import dev.modunest.format.Digest;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Keeps an artifact cache within its bound: of what no lock names the oldest goes first, with what
 * lies beside it. What came within the last hour stays, as another process may be about to use it.
 */
public final class CacheEviction {

    private static final Duration YOUNG = Duration.ofHours(1);
    private static final int HEX_REST = 62;

    private final Path artifacts;
    private final InstantSource clock;

    public CacheEviction(Path cacheDirectory, InstantSource clock) {
        this.artifacts = cacheDirectory.resolve("sha256");
        this.clock = clock;
    }

    private record Unnamed(Path file, long bytes, Instant came) {}

    /**
     * Removes what no lock names until there is at most {@code maxBytes} of it.
     *
     * @return how many artifacts were removed
     */
    public int evict(Set<Digest> named, long maxBytes) throws IOException {
        List<Unnamed> unnamed = unnamed(named);
        unnamed.sort(Comparator.comparing(Unnamed::came));
        long bytes = unnamed.stream().mapToLong(Unnamed::bytes).sum();
        Instant young = clock.instant().minus(YOUNG);
        int removed = 0;
        for (Unnamed artifact : unnamed) {
            if (bytes <= maxBytes || artifact.came().isAfter(young)) {
                break;
            }
            remove(artifact.file());
            bytes -= artifact.bytes();
            removed++;
        }
        return removed;
    }

    private List<Unnamed> unnamed(Set<Digest> named) throws IOException {
        List<Unnamed> found = new ArrayList<>();
        if (!Files.isDirectory(artifacts)) {
            return found;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(artifacts)) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        String rest = file.getFileName().toString();
                        String hex = folder.getFileName() + rest;
                        if (rest.length() == HEX_REST
                                && !named.contains(Digest.parse("sha256:" + hex))) {
                            found.add(
                                    new Unnamed(
                                            file,
                                            Files.size(file),
                                            Files.getLastModifiedTime(file).toInstant()));
                        }
                    }
                }
            }
        }
        return found;
    }

    private static void remove(Path artifact) throws IOException {
        Path folder = artifact.getParent();
        String name = artifact.getFileName().toString();
        Files.deleteIfExists(artifact);
        try (DirectoryStream<Path> beside = Files.newDirectoryStream(folder, name + ".*")) {
            for (Path file : beside) {
                Files.deleteIfExists(file);
            }
        }
    }
}
