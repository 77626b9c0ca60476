package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the disk tier at the start. What is not a whole object is deleted. */
final class DiskScan {

    private static final Logger LOG = LoggerFactory.getLogger(DiskScan.class);
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.(\\d{1,18})");

    private record Found(StoredArtifact artifact, Instant lastUse) {}

    private DiskScan() {}

    /** The objects, least recently used first. The directories are read side by side. */
    static List<StoredArtifact> scan(Path objects) throws IOException {
        List<Path> directories;
        try (Stream<Path> all = Files.list(objects)) {
            directories = all.toList();
        }
        try {
            return directories.parallelStream()
                    .flatMap(DiskScan::list)
                    .sorted(Comparator.comparing(Found::lastUse))
                    .map(Found::artifact)
                    .toList();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    private static Stream<Found> list(Path directory) {
        List<Found> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Optional<Found> object = read(file, attributes);
                            object.ifPresent(found::add);
                            if (object.isEmpty()) {
                                LOG.warn("deleted {}: not a whole object", file);
                                Files.delete(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found.stream();
    }

    /** Deletes what unfinished fills have left. */
    static void clear(Path spools) throws IOException {
        try (var leftovers = Files.newDirectoryStream(spools)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }

    private static Optional<Found> read(Path file, BasicFileAttributes attributes) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()
                || !attributes.isRegularFile()
                || Long.parseLong(name.group(2)) != attributes.size()) {
            return Optional.empty();
        }
        StoredArtifact artifact =
                new StoredArtifact(
                        new Digest(name.group(1)),
                        attributes.size(),
                        attributes.lastModifiedTime().toInstant(),
                        attributes.creationTime().toInstant());
        return Optional.of(new Found(artifact, attributes.lastAccessTime().toInstant()));
    }
}
