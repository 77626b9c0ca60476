package dev.modunest.format.tuf.write;

import dev.modunest.format.tuf.MetaFile;
import dev.modunest.format.tuf.Metadata;
import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.SnapshotMetadata;
import dev.modunest.format.tuf.TimestampMetadata;
import dev.modunest.format.tuf.TufLimits;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a repository from its files alone: timestamp, snapshot, then each role. Files that a
 * broken batch left beyond the public versions are found, so that their numbers are not used again;
 * for that it must read the store itself, not a cache. It reads two files for each role.
 */
public final class RepositoryRecovery {

    private static final int MAX_ORPHANS = 10_000;

    private final PublishedFiles files;
    private final RoleKeys snapshot;
    private final RoleKeys timestamp;

    /** Of the keys that signed what is public, which may be others than those that sign next. */
    public RepositoryRecovery(RepositoryReader store, RoleKeys snapshot, RoleKeys timestamp) {
        this.files = new PublishedFiles(store);
        this.snapshot = snapshot;
        this.timestamp = timestamp;
    }

    public RepositoryRecovery(RepositoryReader store, OnlineSigners signers) {
        this(
                store,
                RootKeys.single(signers.snapshot().key()),
                RootKeys.single(signers.timestamp().key()));
    }

    /**
     * The state; empty when the repository has no timestamp, so that it has not begun.
     *
     * @throws IOException when it cannot be read, or the online keys did not sign it
     */
    public Optional<RepositoryState> recover() throws IOException {
        String path = RolePath.of(TimestampMetadata.ROLE);
        int limit = TufLimits.DEFAULT.timestampBytes();
        if (files.reader().fetch(path, limit).isEmpty()) {
            return Optional.empty();
        }
        TimestampMetadata newest = TimestampMetadata.of(files.document(path, limit, timestamp));
        long version = newest.snapshot().version();
        SnapshotMetadata versions =
                SnapshotMetadata.of(SignedDocument.parse(files.snapshot(version, snapshot)));
        Map<String, RoleState> roles = new HashMap<>();
        for (Map.Entry<String, MetaFile> role : versions.roles().entrySet()) {
            roles.put(
                    role.getKey(),
                    state(role.getKey(), files.role(role.getKey(), role.getValue().version())));
        }
        RoleState timestampState =
                new RoleState(newest.version(), newest.version(), newest.expires());
        return Optional.of(
                new RepositoryState(timestampState, state(SnapshotMetadata.ROLE, versions), roles));
    }

    private RoleState state(String role, Metadata metadata) throws IOException {
        long used = metadata.version();
        while (used < metadata.version() + MAX_ORPHANS && exists(role, used + 1)) {
            used++;
        }
        return new RoleState(metadata.version(), used, metadata.expires());
    }

    private boolean exists(String role, long version) throws IOException {
        String path = RolePath.of(role, version);
        return files.reader().fetch(path, TufLimits.DEFAULT.targetsBytes()).isPresent();
    }
}
