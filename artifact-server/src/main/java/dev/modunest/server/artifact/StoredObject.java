package dev.modunest.server.artifact;

import dev.modunest.format.Digest;

import java.util.Optional;
import java.util.UUID;

/** An object in the bucket: alone knows its key, its media type and how it may be cached. */
public sealed interface StoredObject {

    String STAGING_PREFIX = "staging/";

    /** The object of that key; empty when the registry makes no such key. */
    static Optional<StoredObject> parse(String key) {
        if (key.startsWith(STAGING_PREFIX)) {
            return Optional.of(key.substring(STAGING_PREFIX.length()))
                    .filter(id -> id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
                    .map(id -> new Staging(UUID.fromString(id)));
        }
        return Optional.of(key.substring(key.lastIndexOf('/') + 1))
                .filter(hex -> hex.matches("[0-9a-f]{64}"))
                .<StoredObject>map(hex -> new Artifact(new Digest(hex)))
                .filter(artifact -> artifact.key().equals(key));
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
            return "public, max-age=31536000, immutable";
        }
    }
}
