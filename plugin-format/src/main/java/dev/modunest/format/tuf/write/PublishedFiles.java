package dev.modunest.format.tuf.write;

import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.SnapshotMetadata;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.TufLimits;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what is public, to write it anew. What the expected key did not sign is not taken: a writer
 * would else put its signature to what somebody changed in the store.
 */
record PublishedFiles(RepositoryReader reader) {

    /** The targets of a bin. */
    Map<String, TargetFile> bin(String name, long version, RoleKeys keys) throws IOException {
        String path = RolePath.of(name, version);
        SignedDocument document = document(path, TufLimits.DEFAULT.targetsBytes(), keys);
        TargetsMetadata metadata = TargetsMetadata.of(document);
        checkVersion(path, metadata.version(), version);
        return metadata.targets();
    }

    /** What a role says, whose signatures are checked when its targets are signed again. */
    TargetsMetadata role(String name, long version) throws IOException {
        String path = RolePath.of(name, version);
        byte[] bytes = read(path, TufLimits.DEFAULT.targetsBytes());
        try {
            TargetsMetadata metadata = TargetsMetadata.of(SignedDocument.parse(bytes));
            checkVersion(path, metadata.version(), version);
            return metadata;
        } catch (IllegalArgumentException malformed) {
            throw new IOException(path + " is malformed", malformed);
        }
    }

    /** The bytes of a snapshot. */
    byte[] snapshot(long version, RoleKeys keys) throws IOException {
        String path = RolePath.of(SnapshotMetadata.ROLE, version);
        byte[] bytes = read(path, TufLimits.DEFAULT.snapshotBytes());
        SignedDocument document = signedBy(keys, path, bytes);
        checkVersion(path, SnapshotMetadata.of(document).version(), version);
        return bytes;
    }

    SignedDocument document(String path, int limit, RoleKeys keys) throws IOException {
        return signedBy(keys, path, read(path, limit));
    }

    byte[] read(String path, int limit) throws IOException {
        Optional<byte[]> bytes = reader.fetch(path, limit);
        return bytes.orElseThrow(() -> new IOException(path + " is missing"));
    }

    private static void checkVersion(String path, long version, long expected) throws IOException {
        if (version != expected) {
            throw new IOException(path + " has version " + version);
        }
    }

    private static SignedDocument signedBy(RoleKeys keys, String path, byte[] bytes)
            throws IOException {
        try {
            SignedDocument document = SignedDocument.parse(bytes);
            if (keys.accepts(document)) {
                return document;
            }
        } catch (IllegalArgumentException malformed) {
            throw new IOException(path + " is malformed", malformed);
        }
        throw new IOException(path + " is not signed by key " + keys.keys().getFirst());
    }
}
