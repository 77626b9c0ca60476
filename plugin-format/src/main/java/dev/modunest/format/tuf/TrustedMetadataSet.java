package dev.modunest.format.tuf;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The checks of one update, without any I/O (specification 5.3 to 5.6): metadata becomes trusted in
 * the order root, timestamp, snapshot, targets. What was kept from earlier updates is offered
 * before what the repository has, and protects from older versions even when expired itself. Of
 * delegated roles several may be checked at the same time.
 */
final class TrustedMetadataSet {

    private final Instant start;
    private RootMetadata root;
    private @Nullable TimestampMetadata timestamp; // trusted, perhaps expired
    private @Nullable SnapshotMetadata earlierSnapshot; // for the check of rollback alone
    private @Nullable SnapshotMetadata snapshot;
    private final Map<String, TargetsMetadata> targets = new ConcurrentHashMap<>();

    /** Starts from the root that is trusted already; it may be expired (5.2). */
    TrustedMetadataSet(byte[] trustedRoot, Instant start) throws TufException {
        this.start = start;
        SignedDocument document = parse(RootMetadata.ROLE, trustedRoot);
        this.root = read(RootMetadata.ROLE, document, RootMetadata::of);
        checkThreshold(RootMetadata.ROLE, document, root.root());
    }

    RootMetadata root() {
        return root;
    }

    /** The root N+1, signed by the keys of both (5.3.4 to 5.3.7); a checked copy. */
    RootMetadata checkRoot(byte[] bytes) throws TufException {
        if (timestamp != null) {
            throw new IllegalStateException("the root comes before the timestamp");
        }
        SignedDocument document = parse(RootMetadata.ROLE, bytes);
        RootMetadata next = read(RootMetadata.ROLE, document, RootMetadata::of);
        checkThreshold(RootMetadata.ROLE, document, root.root());
        if (next.version() != root.version() + 1) {
            throw new TufException(
                    next.version() <= root.version() ? TufProblem.ROLLBACK : TufProblem.BAD_VERSION,
                    RootMetadata.ROLE,
                    "version " + next.version() + " after " + root.version());
        }
        checkThreshold(RootMetadata.ROLE, document, next.root());
        return next;
    }

    void trustRoot(RootMetadata next) {
        root = next;
    }

    /** The end of the chain of roots (5.3.10). */
    void checkRootFresh() throws TufException {
        checkFresh(RootMetadata.ROLE, root);
    }

    void offerKeptTimestamp(byte[] bytes) throws TufException {
        timestamp = verifiedTimestamp(bytes);
    }

    /**
     * A timestamp of the repository (5.4.2 to 5.4.4).
     *
     * @return false when it has the version of the trusted one, which then stays
     */
    boolean updateTimestamp(byte[] bytes) throws TufException {
        TimestampMetadata next = verifiedTimestamp(bytes);
        TimestampMetadata trusted = timestamp;
        if (trusted != null) {
            if (next.version() < trusted.version()) {
                throw new TufException(
                        TufProblem.ROLLBACK,
                        TimestampMetadata.ROLE,
                        "version " + next.version() + " after " + trusted.version());
            }
            if (next.version() == trusted.version()) {
                checkTimestampFresh();
                return false;
            }
            if (next.snapshot().version() < trusted.snapshot().version()) {
                throw new TufException(
                        TufProblem.ROLLBACK,
                        SnapshotMetadata.ROLE,
                        "version "
                                + next.snapshot().version()
                                + " after "
                                + trusted.snapshot().version());
            }
        }
        checkFresh(TimestampMetadata.ROLE, next);
        timestamp = next;
        return true;
    }

    void checkTimestampFresh() throws TufException {
        checkFresh(TimestampMetadata.ROLE, timestamp());
    }

    private TimestampMetadata verifiedTimestamp(byte[] bytes) throws TufException {
        SignedDocument document = parse(TimestampMetadata.ROLE, bytes);
        checkThreshold(TimestampMetadata.ROLE, document, root.timestamp());
        return read(TimestampMetadata.ROLE, document, TimestampMetadata::of);
    }

    TimestampMetadata timestamp() {
        if (timestamp == null) {
            throw new IllegalStateException("the timestamp comes before the snapshot");
        }
        return timestamp;
    }

    /**
     * The snapshot of an earlier update.
     *
     * @throws TufException when another one is to be read
     */
    void offerKeptSnapshot(byte[] bytes) throws TufException {
        SnapshotMetadata kept = verifiedSnapshot(bytes);
        earlierSnapshot = kept;
        timestamp().snapshot().check(SnapshotMetadata.ROLE, bytes);
        trustSnapshot(kept);
    }

    /** A snapshot of the repository (5.5.2 to 5.5.6). */
    void updateSnapshot(byte[] bytes) throws TufException {
        timestamp().snapshot().check(SnapshotMetadata.ROLE, bytes);
        SnapshotMetadata next = verifiedSnapshot(bytes);
        if (earlierSnapshot != null) {
            earlierSnapshot.checkNotRolledBack(next);
        }
        trustSnapshot(next);
    }

    private void trustSnapshot(SnapshotMetadata next) throws TufException {
        checkVersion(SnapshotMetadata.ROLE, next, timestamp().snapshot());
        checkFresh(SnapshotMetadata.ROLE, next);
        snapshot = next;
    }

    private SnapshotMetadata verifiedSnapshot(byte[] bytes) throws TufException {
        SignedDocument document = parse(SnapshotMetadata.ROLE, bytes);
        checkThreshold(SnapshotMetadata.ROLE, document, root.snapshot());
        return read(SnapshotMetadata.ROLE, document, SnapshotMetadata::of);
    }

    SnapshotMetadata snapshot() {
        if (snapshot == null) {
            throw new IllegalStateException("the snapshot comes before targets");
        }
        return snapshot;
    }

    /** What the snapshot says of the file of a targets role. */
    MetaFile targetsFile(String role) throws TufException {
        MetaFile file = snapshot().roles().get(role);
        if (file == null) {
            throw new TufException(
                    TufProblem.UNAVAILABLE, role, "is delegated to and not in the snapshot");
        }
        return file;
    }

    /** The keys that {@code delegator} gives to a role: the root to targets, a role to others. */
    RoleKeys keysOf(String role, String delegator) {
        if (delegator.equals(RootMetadata.ROLE)) {
            return root.targets();
        }
        return Optional.ofNullable(targets.get(delegator))
                .flatMap(TargetsMetadata::delegations)
                .flatMap(delegations -> delegations.keysOf(role))
                .orElseThrow(() -> new IllegalStateException(delegator + " does not know " + role));
    }

    /** Metadata of a targets role, kept or of the repository (5.6.2 to 5.6.5). */
    TargetsMetadata updateTargets(String role, RoleKeys keys, byte[] bytes) throws TufException {
        MetaFile file = targetsFile(role);
        file.check(role, bytes);
        SignedDocument document = parse(role, bytes);
        checkThreshold(role, document, keys);
        TargetsMetadata next = read(role, document, TargetsMetadata::of);
        checkVersion(role, next, file);
        checkFresh(role, next);
        targets.put(role, next);
        return next;
    }

    private static SignedDocument parse(String role, byte[] bytes) throws TufException {
        try {
            return SignedDocument.parse(bytes);
        } catch (IllegalArgumentException malformed) {
            throw malformed(role, malformed);
        }
    }

    private static <T> T read(
            String role, SignedDocument document, Function<SignedDocument, T> reading)
            throws TufException {
        try {
            return reading.apply(document);
        } catch (IllegalArgumentException malformed) {
            throw malformed(role, malformed);
        }
    }

    private static TufException malformed(String role, IllegalArgumentException cause) {
        return new TufException(
                TufProblem.MALFORMED, role, String.valueOf(cause.getMessage()), cause);
    }

    private static void checkThreshold(String role, SignedDocument document, RoleKeys keys)
            throws TufException {
        int count = keys.countSignatures(document);
        if (count < keys.threshold()) {
            throw new TufException(
                    TufProblem.THRESHOLD,
                    role,
                    "signed by " + count + " of its keys, and " + keys.threshold() + " must");
        }
    }

    private static void checkVersion(String role, Metadata metadata, MetaFile named)
            throws TufException {
        if (metadata.version() != named.version()) {
            throw new TufException(
                    TufProblem.BAD_VERSION,
                    role,
                    "is version " + metadata.version() + ", and " + named.version() + " is named");
        }
    }

    private void checkFresh(String role, Metadata metadata) throws TufException {
        if (!metadata.expires().isAfter(start)) {
            throw new TufException(
                    TufProblem.METADATA_STALE,
                    role,
                    "version "
                            + metadata.version()
                            + " expired at "
                            + metadata.expires()
                            + "; the update began at "
                            + start);
        }
    }
}
