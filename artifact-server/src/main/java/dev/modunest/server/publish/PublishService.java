package dev.modunest.server.publish;

import dev.modunest.db.Namespace;
import dev.modunest.db.NewRelease;
import dev.modunest.db.Transaction;
import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Inspection;
import dev.modunest.format.PluginArchive;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StagingUpload;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.serial.Change;
import dev.modunest.server.serial.SerialLog;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Takes a publish from the first byte to the live release: staged and inspected in one pass,
 * checked, copied to its digest, then made visible by one transaction. Whatever fails, staging is
 * left empty. Thread-safe.
 */
final class PublishService {

    private static final Logger LOG = LoggerFactory.getLogger(PublishService.class);
    private static final int LOCKS = 64;

    private final ArtifactStore store;
    private final PublishRules rules;
    private final UploadConfig config;
    private final ArchiveLimits limits;
    private final Mutations mutations;
    private final SerialLog serials;
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

    PublishService(
            ArtifactStore store,
            PublishRules rules,
            UploadConfig config,
            ArchiveLimits limits,
            Mutations mutations,
            SerialLog serials,
            Metrics metrics,
            InstantSource clock) {
        this.store = store;
        this.rules = rules;
        this.config = config;
        this.limits = limits;
        this.mutations = mutations;
        this.serials = serials;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Throws {@link Rejection} when it can be told already that {@code request} will be refused.
     */
    void checkBeforeBody(PublishRequest request) {
        rules.checkBeforeBody(request);
    }

    Answer publish(PublishRequest request, BodyStream body) {
        Staged staged = stage(body);
        try {
            return finish(request, staged);
        } finally {
            removeStaging(staged.object());
        }
    }

    private Staged stage(BodyStream body) {
        StoredObject.Staging object = StoredObject.Staging.create();
        try (StagingUpload upload = store.stage(object, (int) config.partSize().bytes())) {
            UploadStream stream = new UploadStream(body, upload, config);
            Inspection inspection = PluginArchive.inspect(stream, limits);
            stream.readToEnd();
            upload.complete();
            return new Staged(object, stream.digest(), stream.count(), inspection);
        } catch (IOException impossible) {
            throw new UncheckedIOException("an upload stream throws none", impossible);
        }
    }

    private Answer finish(PublishRequest request, Staged staged) {
        ReentrantLock lock = finishing[Math.floorMod(request.coordinate().hashCode(), LOCKS)];
        lock.lock();
        try {
            Admissible admissible =
                    rules.check(request, staged, clock.instant().truncatedTo(ChronoUnit.MILLIS));
            store.promote(
                    admissible.object(),
                    new StoredObject.Artifact(admissible.release().digest()),
                    admissible.release().size());
            Answer answer =
                    mutations.run(request.mutation(), tx -> release(tx, request, admissible));
            serials.changed(Change.of(request.coordinate(), admissible.release().digest()));
            if (!answer.isReplay()) {
                metrics.published(admissible.release().size());
            }
            return answer;
        } finally {
            lock.unlock();
        }
    }

    private Answer release(Transaction tx, PublishRequest request, Admissible admissible) {
        NewRelease release = admissible.release();
        Coordinate coordinate = request.coordinate();
        Namespace namespace =
                tx.namespaces()
                        .insertIfAbsent(
                                coordinate.plugin().namespace(),
                                request.account().id(),
                                release.publishedAt());
        if (namespace.ownerAccountId() != request.account().id()) {
            throw PublishRules.foreignNamespace(namespace.name(), request.account().name());
        }
        if (!tx.releases().insert(release)) {
            rules.checkVersionFree(request, Optional.of(release.digest()));
            throw new IllegalStateException(
                    request.coordinate() + " can neither be inserted nor found");
        }
        long serial =
                tx.outbox()
                        .append(
                                "release.published",
                                release.manifest().coordinate().plugin(),
                                ReleaseDocument.event(release),
                                release.publishedAt());
        Published published = new Published(release, admissible.unknownFields(), serial);
        return ReleaseDocument.answer(published, request.account().name());
    }

    private void removeStaging(StoredObject.Staging object) {
        try {
            store.remove(object);
        } catch (StoreException failed) {
            LOG.warn("{} is left to the sweeper", object.key(), failed);
        }
    }
}
