package dev.modunest.server.publish;

import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.NewRelease;
import dev.modunest.db.PublishRecord;
import dev.modunest.db.PublishState;
import dev.modunest.db.Transaction;
import dev.modunest.db.trust.NewLeaf;
import dev.modunest.format.Coordinate;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.serial.Change;
import dev.modunest.server.serial.SerialLog;

import io.helidon.http.Status;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Takes a staged publish to the live release: checked, copied to its digest, then made visible by
 * one transaction, which also ends the publish. Thread-safe.
 */
final class Finisher {

    private static final Logger LOG = LoggerFactory.getLogger(Finisher.class);
    private static final int LOCKS = 64;

    private final PublishRules rules;
    private final ArtifactStore store;
    private final Database database;
    private final Mutations mutations;
    private final SerialLog serials;
    private final Attestation attestation;
    private final Metrics metrics;
    private final InstantSource clock;

    /**
     * One of these is held from the last check to the end of the transaction, so that of two
     * publishes of one version the later sees the earlier and copies nothing. Between processes the
     * transaction alone decides, and the loser's copy stays, invisible, under its digest.
     */
    private final ReentrantLock[] finishing =
            IntStream.range(0, LOCKS)
                    .mapToObj(i -> new ReentrantLock())
                    .toArray(ReentrantLock[]::new);

    Finisher(
            PublishRules rules,
            ArtifactStore store,
            Database database,
            Mutations mutations,
            SerialLog serials,
            Attestation attestation,
            Metrics metrics,
            InstantSource clock) {
        this.rules = rules;
        this.store = store;
        this.database = database;
        this.mutations = mutations;
        this.serials = serials;
        this.attestation = attestation;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Throws {@link Rejection} when the publish is refused. */
    Answer finish(PublishJob job, Staged staged) {
        PublishRequest request = job.request();
        ReentrantLock lock = finishing[Math.floorMod(request.coordinate().hashCode(), LOCKS)];
        Answer answer;
        List<NewLeaf> logged;
        lock.lock();
        try {
            job.enter(PublishState.VERIFYING);
            Admissible admissible =
                    metrics.stage(
                            "check",
                            () ->
                                    rules.check(
                                            request,
                                            staged,
                                            clock.instant().truncatedTo(ChronoUnit.MILLIS)));
            metrics.stage("store", () -> promote(admissible));
            List<NewLeaf> leaves = attestation.leaves(admissible.release(), admissible.signed());
            answer =
                    metrics.stage(
                            "commit", () -> job.decide(() -> goLive(job, admissible, leaves)));
            if (answer.isReplay() || answer.status() != Status.CREATED_201.code()) {
                return answer;
            }
            logged = leaves;
        } finally {
            lock.unlock();
        }
        awaitLog(job, logged);
        return answer;
    }

    private StoredObject.Artifact promote(Admissible admissible) {
        StoredObject.Artifact artifact = new StoredObject.Artifact(admissible.release().digest());
        store.promote(admissible.object(), artifact, admissible.release().size());
        return artifact;
    }

    /** The release is live already; who asked is told so when the log shows it. */
    private void awaitLog(PublishJob job, List<NewLeaf> leaves) {
        try {
            attestation.await(leaves);
        } catch (Rejection late) {
            job.<Boolean>decide(
                    () -> {
                        job.fail(late);
                        return true;
                    });
        }
    }

    /** The key of a detached publish has its answer, 202, already. */
    private Answer goLive(PublishJob job, Admissible admissible, List<NewLeaf> leaves) {
        Answer answer =
                job.isDetached()
                        ? database.inTransaction(tx -> goLiveDetached(tx, job, admissible, leaves))
                        : mutations.run(
                                job.request().mutation(),
                                tx -> goLiveAttached(tx, job, admissible, leaves));
        Coordinate coordinate = job.request().coordinate();
        serials.changed(Change.of(coordinate, admissible.release().digest()));
        job.end(answer);
        return answer;
    }

    private Answer goLiveAttached(
            Transaction tx, PublishJob job, Admissible admissible, List<NewLeaf> leaves) {
        attestation.append(tx, leaves);
        insertRelease(tx, job.request(), admissible.release());
        NewRelease release = admissible.release();
        tx.publishes()
                .insertLive(
                        PublishRecord.begun(
                                        job.id(),
                                        job.request().account(),
                                        job.request().coordinate(),
                                        PublishState.LIVE,
                                        release.digest(),
                                        release.size(),
                                        release.publishedAt())
                                .ofRequest(job.begun().requestId())
                                .signedBy(job.request().bundles()));
        return tell(tx, job, admissible);
    }

    private Answer goLiveDetached(
            Transaction tx, PublishJob job, Admissible admissible, List<NewLeaf> leaves) {
        if (!tx.publishes().lockUnfinished(job.id())) {
            return PublishDocument.accepted(job.begun());
        }
        attestation.append(tx, leaves);
        NewRelease release = admissible.release();
        insertRelease(tx, job.request(), release);
        tx.publishes()
                .finishLive(job.id(), release.digest(), release.size(), release.publishedAt());
        return tell(tx, job, admissible);
    }

    private void insertRelease(Transaction tx, PublishRequest request, NewRelease release) {
        Coordinate coordinate = request.coordinate();
        boolean claimed =
                tx.namespaces()
                        .claim(
                                coordinate.plugin().namespace(),
                                request.account().id(),
                                release.publishedAt());
        if (claimed) {
            attestation.claimed(
                    tx, coordinate.plugin().namespace(), request.account(), release.publishedAt());
            tx.accessChanged();
        }
        rules.checkMayPublish(tx, request);
        if (!tx.releases().insert(release)) {
            rules.checkVersionFree(request, Optional.of(release.digest()));
            throw new IllegalStateException(coordinate + " can neither be inserted nor found");
        }
    }

    /** Last in the transaction: from the outbox on other publishes wait for its end. */
    private static Answer tell(Transaction tx, PublishJob job, Admissible admissible) {
        NewRelease release = admissible.release();
        tx.audit()
                .append(
                        new AuditEntry(
                                release.publishedAt(),
                                job.request().account(),
                                "release.published",
                                job.request().coordinate().toString(),
                                Optional.empty(),
                                job.begun().requestId(),
                                ReleaseDocument.detail(release)));
        long serial =
                tx.outbox()
                        .append(
                                "release.published",
                                release.manifest().coordinate().plugin(),
                                ReleaseDocument.event(release),
                                release.publishedAt());
        return ReleaseDocument.answer(
                new Published(job.id(), release, admissible.unknownFields(), serial),
                job.request().account().name());
    }

    /**
     * Writes the row of a publish that is to outlive its request, and the 202; inside {@link
     * PublishJob#decide}. Where another request with the same key is ahead its answer comes back,
     * and this publish will find its version taken.
     */
    Answer accept(PublishJob job, Duration lease) {
        PublishRecord now = job.snapshot(clock);
        Answer accepted =
                mutations.run(
                        job.request().mutation(),
                        tx -> {
                            tx.publishes().insert(now, job.object().key(), lease);
                            return PublishDocument.accepted(now);
                        });
        if (!accepted.isReplay()) {
            job.detach();
        }
        return accepted;
    }

    /**
     * Ends a publish as refused, with a row of it in any case. A version that exists because the
     * first request with this key made it is no refusal.
     */
    void refuse(PublishJob job, Rejection rejection) {
        job.decide(
                () -> {
                    if (job.isDetached()) {
                        database.<Boolean>inTransaction(
                                tx -> {
                                    tx.publishes()
                                            .finishRefused(
                                                    job.id(),
                                                    PublishDocument.problem(job.id(), rejection),
                                                    clock.instant());
                                    return true;
                                });
                    }
                    Optional<Answer> first =
                            job.isDetached() || rejection.code() != ProblemCode.VERSION_EXISTS
                                    ? Optional.empty()
                                    : mutations.replay(job.request().mutation());
                    first.ifPresentOrElse(
                            job::end,
                            () -> job.fail(job.isDetached() ? rejection : noted(job, rejection)));
                    return true;
                });
    }

    /** The same with the publish that tells of it; the refusal does not depend on that. */
    private Rejection noted(PublishJob job, Rejection rejection) {
        try {
            database.<Boolean>inTransaction(
                    tx -> {
                        tx.publishes()
                                .insertRefused(
                                        job.begun(), PublishDocument.problem(job.id(), rejection));
                        return true;
                    });
            return rejection.with("Link", PublishDocument.link(job.id()));
        } catch (DatabaseException failed) {
            LOG.warn("the refused publish {} is not noted", job.id(), failed);
            return rejection;
        }
    }
}
