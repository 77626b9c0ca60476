package dev.modunest.loader.auth;

import dev.modunest.format.Digest;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A key set as it was last answered, for the time that its issuer is away: the time on the first
 * line. It appears complete, so that processes share it.
 */
final class KeyFile {

    private final Path file;

    KeyFile(Path directory, URI address) {
        Digest name = Digest.ofBytes(address.toString().getBytes(StandardCharsets.UTF_8));
        this.file = directory.resolve("jwks").resolve(name.hex());
    }

    record Kept(Instant fetched, KeySet keys) {}

    /** What is kept; a file that cannot be read is as good as absent. */
    Optional<Kept> find() {
        try {
            String content = Files.readString(file);
            int end = content.indexOf('\n');
            return end < 0
                    ? Optional.empty()
                    : Optional.of(
                            new Kept(
                                    Instant.parse(content.substring(0, end)),
                                    KeySet.read(content.substring(end + 1))));
        } catch (IOException | DateTimeException | IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    void keep(Instant fetched, String document) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        Files.createDirectories(file.getParent());
        try {
            Files.writeString(fresh, fetched + "\n" + document);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
