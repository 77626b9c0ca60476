package dev.modunest.loader.resolve;

import dev.modunest.format.PluginId;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Index documents of one registry as they were last answered: {@code index/<host>_<port>/ns/name},
 * the entity tag on the first line. Files appear complete, so that threads and processes share it.
 */
final class IndexCache {

    private final Path folder;

    IndexCache(Path cacheDirectory, URI registry) {
        String authority = registry.getHost() + "_" + registry.getPort();
        this.folder =
                cacheDirectory
                        .resolve("index")
                        .resolve(authority.replaceAll("[^A-Za-z0-9._-]", "-"));
    }

    /** A document and the entity tag that it was answered with. */
    record Kept(String entityTag, String document) {}

    /** The document of {@code plugin}; one that cannot be read is as good as absent. */
    Optional<Kept> find(PluginId plugin) {
        try {
            String content = Files.readString(file(plugin));
            int end = content.indexOf('\n');
            return end < 0
                    ? Optional.empty()
                    : Optional.of(new Kept(content.substring(0, end), content.substring(end + 1)));
        } catch (IOException absentOrUnreadable) {
            return Optional.empty();
        }
    }

    void keep(PluginId plugin, Kept kept) throws IOException {
        Path file = file(plugin);
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        Files.createDirectories(file.getParent());
        try {
            Files.writeString(fresh, kept.entityTag() + "\n" + kept.document());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    void forget(PluginId plugin) throws IOException {
        try {
            Files.delete(file(plugin));
        } catch (NoSuchFileException neverKept) {
            // That is what was wanted.
        }
    }

    private Path file(PluginId plugin) {
        return folder.resolve(plugin.namespace()).resolve(plugin.name());
    }
}
