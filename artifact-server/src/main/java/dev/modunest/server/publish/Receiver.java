package dev.modunest.server.publish;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.PluginArchive;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StagingUpload;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/** Makes the first stage of a publish: from a body, or again from what is in the storage. */
final class Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(Receiver.class);

    private final ArtifactStore store;
    private final UploadConfig config;
    private final ArchiveLimits limits;
    private final Metrics metrics;

    Receiver(ArtifactStore store, UploadConfig config, ArchiveLimits limits, Metrics metrics) {
        this.store = store;
        this.config = config;
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Stages and inspects the body in one pass. What fails leaves nothing. */
    Staged receive(StoredObject.Staging object, BodyStream body) {
        return metrics.stage("receive", () -> stage(object, body));
    }

    private Staged stage(StoredObject.Staging object, BodyStream body) {
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

    /** Inspects what another server received. */
    Staged receiveAgain(StoredObject.Staging object) {
        MessageDigest sha256 = Digest.newMessageDigest();
        try (InputStream bytes = store.open(object).orElseThrow(Receiver::lost);
                DigestInputStream hashing = new DigestInputStream(bytes, sha256)) {
            Inspection inspection = PluginArchive.inspect(hashing, limits);
            hashing.skip(Long.MAX_VALUE);
            long size = store.size(object).orElseThrow(Receiver::lost);
            return new Staged(object, Digest.finish(sha256), size, inspection);
        } catch (IOException broken) {
            throw new StoreException("a staged upload cannot be read", broken);
        }
    }

    private static Rejection lost() {
        return new Rejection(
                ProblemCode.UPLOAD_LOST,
                "The bytes that were uploaded are not in the storage any more; publish again");
    }

    void remove(StoredObject.Staging object) {
        try {
            store.remove(object);
        } catch (StoreException failed) {
            LOG.warn("{} is left to the sweeper", object.key(), failed);
        }
    }
}
