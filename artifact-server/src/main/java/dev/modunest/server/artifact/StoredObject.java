package dev.modunest.server.artifact;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.log.TilePath;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** An object in the bucket: alone knows its key, its media type and how it may be cached. */
public sealed interface StoredObject {

    String STAGING_PREFIX = "staging/";
    String IMMUTABLE = "public, max-age=31536000, immutable";

    /** The object of that key; empty when the registry makes no such key. */
    static Optional<StoredObject> parse(String key) {
        if (key.startsWith(STAGING_PREFIX)) {
            return Optional.of(key.substring(STAGING_PREFIX.length()))
                    .filter(id -> id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
                    .map(id -> new Staging(UUID.fromString(id)));
        }
        return candidate(key).filter(object -> object.key().equals(key)).map(object -> object);
    }

    private static Optional<? extends StoredObject> candidate(String key) {
        String last = key.substring(key.lastIndexOf('/') + 1);
        return switch (key.substring(0, key.indexOf('/') + 1)) {
            case "artifacts/" -> Digest.tryHex(last).map(Artifact::new);
            case Statement.PREFIX -> Digest.tryHex(last).map(Statement::new);
            case LogFile.PREFIX -> LogFile.parse(key.substring(LogFile.PREFIX.length()));
            case ReleaseFile.PREFIX ->
                    ReleaseFile.parse(key.substring(ReleaseFile.PREFIX.length()));
            default -> Optional.empty();
        };
    }

    String key();

    String mediaType();

    String cacheControl();

    /** The bytes of an upload that is not a release yet. */
    record Staging(UUID id) implements StoredObject {

        public static Staging create() {
            return new Staging(UUID.randomUUID());
        }

        @Override
        public String key() {
            return STAGING_PREFIX + id;
        }

        @Override
        public String mediaType() {
            return "application/octet-stream";
        }

        @Override
        public String cacheControl() {
            return "no-store";
        }
    }

    /** The bytes of releases, under their digest. */
    record Artifact(Digest digest) implements StoredObject {

        /**
         * Two digits of the digest make a folder, so that no folder of a file-backed store grows
         * huge.
         */
        @Override
        public String key() {
            return "artifacts/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex();
        }

        @Override
        public String mediaType() {
            return "application/java-archive";
        }

        @Override
        public String cacheControl() {
            return IMMUTABLE;
        }
    }

    /** A statement of a publisher or of the registry, under the digest of its payload. */
    record Statement(Digest payload) implements StoredObject {

        static final String PREFIX = "attest/";

        @Override
        public String key() {
            return PREFIX + "sha256/" + payload.hex().substring(0, 2) + "/" + payload.hex();
        }

        @Override
        public String mediaType() {
            return "application/vnd.in-toto+json";
        }

        @Override
        public String cacheControl() {
            return IMMUTABLE;
        }
    }

    /** A file of the transparency log: its checkpoint or a tile (C2SP tlog-tiles). */
    sealed interface LogFile extends StoredObject {

        String PREFIX = "log/";

        /** The file with that path below {@code log/}. */
        static Optional<LogFile> parse(String path) {
            int slash = path.indexOf('/');
            if (slash < 1) {
                return Optional.empty();
            }
            String shard = path.substring(0, slash);
            String rest = path.substring(slash + 1);
            return rest.equals("checkpoint")
                    ? Optional.of(new LogCheckpoint(shard))
                    : TilePath.parse(rest).map(tile -> new Tile(shard, tile));
        }
    }

    /** The newest checkpoint. */
    record LogCheckpoint(String shard) implements LogFile {

        @Override
        public String key() {
            return PREFIX + shard + "/checkpoint";
        }

        @Override
        public String mediaType() {
            return "text/plain; charset=utf-8";
        }

        @Override
        public String cacheControl() {
            return "public, max-age=1";
        }
    }

    /** Hashes or entries. */
    record Tile(String shard, TilePath path) implements LogFile {

        @Override
        public String key() {
            return PREFIX + shard + "/" + path;
        }

        /** What the partial tiles of a full one begin with. */
        public String partials() {
            return key() + ".p/";
        }

        @Override
        public String mediaType() {
            return "application/octet-stream";
        }

        @Override
        public String cacheControl() {
            return IMMUTABLE;
        }
    }

    /** What stands beside the jar of a release: who signed, built and checked it, and proofs. */
    record ReleaseFile(Coordinate release, Kind kind) implements StoredObject {

        static final String PREFIX = "trust/";

        /** Which. */
        public enum Kind {
            PUBLISHER_BUNDLE(".sigstore.json", "application/vnd.dev.sigstore.bundle.v0.3+json"),
            REGISTRY_BUNDLE(".vsa.sigstore.json", "application/vnd.dev.sigstore.bundle.v0.3+json"),
            PROVENANCE(
                    ".provenance.sigstore.json", "application/vnd.dev.sigstore.bundle.v0.3+json"),
            SECOND_SIGNATURE(
                    ".second.sigstore.json", "application/vnd.dev.sigstore.bundle.v0.3+json"),
            LOG_PROOF(".tlog-proof", "text/plain; charset=utf-8");

            private final String suffix;
            private final String mediaType;

            Kind(String suffix, String mediaType) {
                this.suffix = suffix;
                this.mediaType = mediaType;
            }
        }

        /** The file of that name beside the jar of {@code release}. */
        public static Optional<ReleaseFile> named(Coordinate release, String name) {
            return Arrays.stream(Kind.values())
                    .map(kind -> new ReleaseFile(release, kind))
                    .filter(file -> file.name().equals(name))
                    .findFirst();
        }

        static Optional<ReleaseFile> parse(String path) {
            String[] parts = path.split("/", -1);
            if (parts.length != 4) {
                return Optional.empty();
            }
            try {
                Coordinate release = Coordinate.parse(parts[0] + "/" + parts[1] + "@" + parts[2]);
                return named(release, parts[3]);
            } catch (IllegalArgumentException another) {
                return Optional.empty();
            }
        }

        /** The name of the file. */
        public String name() {
            return release.fileName() + kind.suffix;
        }

        @Override
        public String key() {
            return PREFIX + release.plugin() + "/" + release.version() + "/" + name();
        }

        @Override
        public String mediaType() {
            return kind.mediaType;
        }

        @Override
        public String cacheControl() {
            return IMMUTABLE;
        }
    }
}
