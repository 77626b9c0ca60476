package dev.modunest.server.doctor;

import dev.modunest.db.Database;
import dev.modunest.db.IndexedBytes;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.BucketEntry;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.StoredObject.Artifact;
import dev.modunest.server.artifact.StoredObject.LogFile;
import dev.modunest.server.artifact.StoredObject.ReleaseFile;
import dev.modunest.server.artifact.StoredObject.Staging;
import dev.modunest.server.artifact.StoredObject.Statement;

import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Compares storage and index while both are in use: walks through both in the order of digests,
 * holding a page of each, and asks both again before it names a difference; then holds the files of
 * the log against its leaves.
 */
public final class Doctor {

    private final ArtifactStore store;
    private final Database database;
    private final DoctorOptions options;
    private final InstantSource clock;

    public Doctor(
            ArtifactStore store, Database database, DoctorOptions options, InstantSource clock) {
        this.store = store;
        this.database = database;
        this.options = options;
        this.clock = clock;
    }

    /**
     * Examines everything.
     *
     * @param found is told of one difference at a time
     * @param step is told of each release that has been dealt with
     */
    public Findings examine(Consumer<Difference> found, Runnable step) {
        Tally tally = new Tally();
        Check check = new Check(store, database, options, clock, tally, found);
        try (Turns turns = new Turns(options.concurrency())) {
            Releases releases = new Releases(database);
            Iterator<BucketEntry> objects = store.list();
            while (objects.hasNext()) {
                BucketEntry object = objects.next();
                Optional<StoredObject> parsed = StoredObject.parse(object.key());
                if (parsed.filter(Doctor::isOfTheLog).isPresent()) {
                    continue;
                }
                tally.objects.incrementAndGet();
                tally.bytes.addAndGet(object.size());
                if (parsed.isEmpty()) {
                    check.unknown(object);
                    continue;
                }
                switch (parsed.get()) {
                    case Staging _ -> turns.add(() -> check.staging(object));
                    case Artifact(Digest digest) -> {
                        missingBefore(Optional.of(digest), releases, turns, check, step);
                        meet(object, digest, releases, turns, check, step);
                    }
                    case LogFile _, Statement _, ReleaseFile _ ->
                            throw new IllegalStateException(object.key() + " was passed over");
                }
            }
            missingBefore(Optional.empty(), releases, turns, check, step);
            turns.await();
            new LogCheck(store, database, options.bytes(), tally, found).examine(turns);
            turns.await();
        }
        return tally.findings();
    }

    /** {@link LogCheck} looks at these. */
    private static boolean isOfTheLog(StoredObject object) {
        return object instanceof LogFile
                || object instanceof Statement
                || object instanceof ReleaseFile;
    }

    /** Every release before {@code digest}, or to the end, that the listing had nothing for. */
    private static void missingBefore(
            Optional<Digest> digest, Releases releases, Turns turns, Check check, Runnable step) {
        while (releases.peek().isPresent()
                && (digest.isEmpty() || order(releases.peek().get().digest(), digest.get()) < 0)) {
            IndexedBytes release = releases.take();
            turns.add(
                    () -> {
                        check.notListed(release);
                        step.run();
                    });
        }
    }

    private static void meet(
            BucketEntry object,
            Digest digest,
            Releases releases,
            Turns turns,
            Check check,
            Runnable step) {
        if (releases.peek().filter(next -> next.digest().equals(digest)).isEmpty()) {
            turns.add(() -> check.withoutRelease(object, digest));
            return;
        }
        IndexedBytes release = releases.take();
        turns.add(
                () -> {
                    check.both(object, release);
                    step.run();
                });
    }

    private static int order(Digest one, Digest other) {
        return one.hex().compareTo(other.hex());
    }
}
