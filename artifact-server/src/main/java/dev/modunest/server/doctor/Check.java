package dev.modunest.server.doctor;

import dev.modunest.db.Database;
import dev.modunest.db.IndexedBytes;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactBody;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.BucketEntry;
import dev.modunest.server.artifact.StoredObject.Artifact;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at one object or release. What the walk saw may have changed since, so both sides are asked
 * again before a difference is named. Thread-safe.
 */
final class Check {

    private static final int BUFFER = 64 << 10;

    private final ArtifactStore store;
    private final Database database;
    private final DoctorOptions options;
    private final InstantSource clock;
    private final Tally tally;
    private final Consumer<Difference> found;

    Check(
            ArtifactStore store,
            Database database,
            DoctorOptions options,
            InstantSource clock,
            Tally tally,
            Consumer<Difference> found) {
        this.store = store;
        this.database = database;
        this.options = options;
        this.clock = clock;
        this.tally = tally;
        this.found = found;
    }

    /** One at a time. */
    private synchronized void name(Difference difference) {
        tally.count(difference);
        found.accept(difference);
    }

    /** A file-backed storage lists what is being written under a name of its own. */
    void unknown(BucketEntry object) {
        if (isYoungerThan(options.settle(), object)) {
            tally.underWay.incrementAndGet();
        } else if (store.look(object.key()).isPresent()) {
            name(new Difference.UnknownObject(object));
        }
    }

    void staging(BucketEntry object) {
        if (isYoungerThan(options.stagingAge(), object)
                || database.read(tx -> tx.inventory().isStaged(object.key()))) {
            tally.underWay.incrementAndGet();
        } else if (store.look(object.key()).isPresent()) {
            name(new Difference.AbandonedUpload(object));
        }
    }

    private boolean isYoungerThan(Duration age, BucketEntry object) {
        return object.lastModified().isAfter(clock.instant().minus(age));
    }

    /** A release that the listing had nothing for: its bytes may have come after. */
    void notListed(IndexedBytes listed) {
        tally.releases.incrementAndGet();
        Optional<IndexedBytes> release = inIndex(listed.digest());
        if (release.isEmpty() || release.get().deletedAt().isPresent()) {
            return;
        }
        Optional<BucketEntry> object = inStorage(listed.digest());
        if (object.isPresent()) {
            compare(object.get(), release.get());
        } else {
            name(new Difference.MissingBytes(listed.coordinate(), listed.digest(), listed.size()));
        }
    }

    /** An artifact that the walk met no release for: its transaction may be under way. */
    void withoutRelease(BucketEntry listed, Digest digest) {
        Optional<IndexedBytes> release = inIndex(digest);
        if (release.isPresent()) {
            both(listed, release.get());
        } else if (isYoungerThan(options.settle(), listed)) {
            tally.underWay.incrementAndGet();
        } else {
            orphan(listed, digest);
        }
    }

    /** Nobody makes a release of the artifact between the last look and the removal. */
    private void orphan(BucketEntry listed, Digest digest) {
        Optional<Instant> removable = options.removeOrphans().map(clock.instant()::minus);
        boolean removes = removable.filter(listed.lastModified()::isBefore).isPresent();
        boolean orphaned =
                database.inTransaction(
                        tx -> {
                            if (removes) {
                                tx.inventory().lock(digest);
                            }
                            if (tx.inventory().find(digest).isPresent()) {
                                return false;
                            }
                            Optional<BucketEntry> now = inStorage(digest);
                            if (removes
                                    && now.isPresent()
                                    && now.get().lastModified().isBefore(removable.get())) {
                                store.remove(new Artifact(digest));
                                tally.removed.incrementAndGet();
                            }
                            return now.isPresent();
                        });
        if (orphaned) {
            name(new Difference.Orphan(digest, listed));
        }
    }

    void both(BucketEntry object, IndexedBytes release) {
        tally.releases.incrementAndGet();
        compare(object, release);
    }

    private void compare(BucketEntry listed, IndexedBytes release) {
        if (release.deletedAt().isPresent()) {
            inStorage(release.digest())
                    .ifPresent(
                            still ->
                                    name(
                                            new Difference.DeletedBytes(
                                                    release.coordinate(),
                                                    release.digest(),
                                                    still.size())));
        } else if (listed.size() != release.size()) {
            long size = inStorage(release.digest()).map(BucketEntry::size).orElse(0L);
            if (size != release.size()) {
                name(
                        new Difference.WrongSize(
                                release.coordinate(), release.digest(), release.size(), size));
            }
        } else if (options.bytes()) {
            hash(release);
        }
    }

    private void hash(IndexedBytes release) {
        Optional<ArtifactBody> body =
                store.read(new Artifact(release.digest()), 0, release.size() - 1);
        if (body.isEmpty()) {
            notListedAnyMore(release);
            return;
        }
        MessageDigest sha256 = sha256();
        try (ArtifactBody bytes = body.get();
                OutputStream hashing =
                        new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
            bytes.copyTo(hashing, BUFFER);
        } catch (IOException impossible) {
            throw new UncheckedIOException("a hash does not fail", impossible);
        }
        tally.hashed.incrementAndGet();
        Digest stored = new Digest(HexFormat.of().formatHex(sha256.digest()));
        if (!stored.equals(release.digest())) {
            name(new Difference.WrongDigest(release.coordinate(), release.digest(), stored));
        }
    }

    /** Gone since the listing: deleted, or lost. */
    private void notListedAnyMore(IndexedBytes release) {
        if (inIndex(release.digest()).filter(now -> now.deletedAt().isEmpty()).isPresent()) {
            name(
                    new Difference.MissingBytes(
                            release.coordinate(), release.digest(), release.size()));
        }
    }

    private Optional<IndexedBytes> inIndex(Digest digest) {
        return database.read(tx -> tx.inventory().find(digest));
    }

    private Optional<BucketEntry> inStorage(Digest digest) {
        return store.look(new Artifact(digest).key());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has SHA-256", impossible);
        }
    }
}
