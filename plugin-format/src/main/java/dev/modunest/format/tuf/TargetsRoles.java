package dev.modunest.format.tuf;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The snapshot and targets roles of one update: as kept where that is right, else as published.
 * Different roles may be loaded at the same time.
 */
final class TargetsRoles {

    private record Loaded(String delegator, TargetsMetadata metadata) {}

    private final TrustedMetadataSet trusted;
    private final MetadataFiles files;
    private final TufLimits limits;
    private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();
    private final Map<String, Lock> loading = new ConcurrentHashMap<>();

    TargetsRoles(TrustedMetadataSet trusted, MetadataFiles files, TufLimits limits) {
        this.trusted = trusted;
        this.files = files;
        this.limits = limits;
    }

    /** 5.5. */
    void loadSnapshot() throws TufException {
        String role = SnapshotMetadata.ROLE;
        TufException unfit = null;
        Optional<byte[]> kept = files.kept(role);
        if (kept.isPresent()) {
            try {
                trusted.offerKeptSnapshot(kept.get());
                return;
            } catch (TufException other) {
                unfit = other;
            }
        }
        byte[] bytes =
                published(role, trusted.timestamp().snapshot(), limits.snapshotBytes(), unfit);
        trusted.updateSnapshot(bytes);
        files.keep(role, bytes);
    }

    /** The metadata of a role, as one that delegates to it sees it (5.6.1 to 5.6.6). */
    TargetsMetadata load(String role, String delegator) throws TufException {
        Lock turn = loading.computeIfAbsent(role, _ -> new ReentrantLock());
        turn.lock();
        try {
            Loaded before = loaded.get(role);
            if (before != null && before.delegator().equals(delegator)) {
                return before.metadata();
            }
            TargetsMetadata metadata = read(role, trusted.keysOf(role, delegator));
            loaded.put(role, new Loaded(delegator, metadata));
            return metadata;
        } finally {
            turn.unlock();
        }
    }

    private TargetsMetadata read(String role, RoleKeys keys) throws TufException {
        TufException unfit = null;
        Optional<byte[]> kept = files.kept(role);
        if (kept.isPresent()) {
            try {
                return trusted.updateTargets(role, keys, kept.get());
            } catch (TufException other) {
                unfit = other;
            }
        }
        byte[] bytes = published(role, trusted.targetsFile(role), limits.targetsBytes(), unfit);
        TargetsMetadata metadata = trusted.updateTargets(role, keys, bytes);
        files.keep(role, bytes);
        return metadata;
    }

    private byte[] published(String role, MetaFile file, int limit, @Nullable TufException unfit)
            throws TufException {
        String path =
                trusted.root().consistentSnapshot()
                        ? RolePath.of(role, file.version())
                        : RolePath.of(role);
        return files.require(role, path, file.maxBytes(limit), unfit);
    }
}
