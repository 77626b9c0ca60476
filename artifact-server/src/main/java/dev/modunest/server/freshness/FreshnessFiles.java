package dev.modunest.server.freshness;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.db.Database;
import dev.modunest.format.Digest;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.TimestampMetadata;

import java.util.Optional;

/**
 * The files below {@code /tuf/} as they are served: those that never change from memory, the
 * timestamp always from the index, so that no server shows an older one than another. Thread-safe.
 */
final class FreshnessFiles {

    static final String TIMESTAMP = RolePath.of(TimestampMetadata.ROLE);

    private static final int OVERHEAD = 300;

    private final Database database;
    private final Cache<String, File> kept;

    /** A file and its strong entity tag. */
    static final class File {

        private final byte[] content;
        private final String entityTag;

        File(byte[] content) {
            this.content = content;
            this.entityTag = Digest.ofBytes(content).entityTag();
        }

        /** Not to be written to. */
        byte[] content() {
            return content;
        }

        String entityTag() {
            return entityTag;
        }
    }

    FreshnessFiles(FreshnessConfig config, Database database) {
        this.database = database;
        this.kept =
                Caffeine.newBuilder()
                        .maximumWeight(config.memory().bytes())
                        .weigher((String path, File file) -> file.content().length + OVERHEAD)
                        .expireAfterWrite(config.keep())
                        .build();
    }

    Optional<File> find(String path) {
        if (path.equals(TIMESTAMP)) {
            return read(path);
        }
        Optional<File> known = Optional.ofNullable(kept.getIfPresent(path));
        if (known.isPresent()) {
            return known;
        }
        Optional<File> file = read(path);
        file.ifPresent(found -> kept.put(path, found));
        return file;
    }

    private Optional<File> read(String path) {
        return database.<Optional<byte[]>>read(tx -> tx.freshness().find(path)).map(File::new);
    }
}
