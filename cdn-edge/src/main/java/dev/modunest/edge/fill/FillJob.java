package dev.modunest.edge.fill;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Spool;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.OriginBody;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/**
 * Carries a body to the disk while hashing it, and admits it when it is what its digest says. Runs
 * on a thread that may block; everything that can end it is bounded by the origin's timeouts.
 */
final class FillJob {

    private static final Logger LOG = LoggerFactory.getLogger(FillJob.class);

    /** Room set aside at a time for an object whose length the origin does not tell. */
    private static final long EXTENT = 1 << 20;

    /**
     * What the head of the response tells.
     *
     * @param size -1 when the origin does not tell it
     */
    record Head(long size, Instant lastModified, Instant generatedAt) {}

    private final Fill fill;
    private final Head head;
    private final HttpClientResponse response;
    private final OriginBody body;
    private final DiskTier disk;
    private final EdgeCache cache;
    private final long maxObject;
    private final EdgeMetrics metrics;

    FillJob(
            Fill fill,
            Head head,
            HttpClientResponse response,
            OriginBody body,
            DiskTier disk,
            EdgeCache cache,
            long maxObject,
            EdgeMetrics metrics) {
        this.fill = fill;
        this.head = head;
        this.response = response;
        this.body = body;
        this.disk = disk;
        this.cache = cache;
        this.maxObject = maxObject;
        this.metrics = metrics;
    }

    void run() {
        Optional<Spool> spool = spool();
        if (spool.isEmpty()) {
            BoundedBody.cancel(response, "no room for the object");
            metrics.fillEnded("no-room");
            fill.open(new Fill.Opening.PassThrough("no-room"));
            return;
        }
        String outcome;
        try {
            outcome = fill(spool.get());
        } catch (OriginFailure | IOException broken) {
            LOG.warn("fill of {} broken off: {}", fill.digest(), broken.toString());
            outcome = broken instanceof IOException ? "storage-failed" : "broken-off";
            breakOff(broken.getMessage() == null ? outcome : broken.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            outcome = "broken-off";
            breakOff("the edge stops");
        } finally {
            breakOff("the fill failed");
            discard(spool.get());
        }
        metrics.fillEnded(outcome);
    }

    private Optional<Spool> spool() {
        try {
            return disk.spool(Math.max(0, head.size()));
        } catch (IOException unwritable) {
            LOG.error("the disk tier takes no object: {}", unwritable.toString());
            return Optional.empty();
        }
    }

    private String fill(Spool spool) throws IOException, InterruptedException, OriginFailure {
        if (head.size() >= 0) {
            fill.open(new Fill.Opening.Flowing(artifact(head.size()), spool.file()));
        }
        body.start();
        MessageDigest sha256 = Digest.newMessageDigest();
        long written = 0;
        for (Buffer next = body.next(); next != null; next = body.next()) {
            ByteBuffer bytes = ByteBuffer.wrap(next.getBytes());
            sha256.update(bytes.duplicate());
            reserve(spool, written + bytes.remaining());
            written += bytes.remaining();
            spool.write(bytes);
            fill.progressed(written);
        }
        Digest actual = Digest.finish(sha256);
        if (!actual.equals(fill.digest())) {
            LOG.error(
                    "the origin sent {} bytes of {} for {}; nothing was admitted",
                    written,
                    actual,
                    fill.digest());
            breakOff("the origin's bytes do not match " + fill.digest());
            return "digest-mismatch";
        }
        return admit(spool, artifact(written));
    }

    private String admit(Spool spool, StoredArtifact artifact) throws IOException {
        cache.remember(artifact, spool.file(), fill.begun());
        if (cache.refusals().find(fill.digest()) != null) {
            LOG.info("{} was withdrawn while it was filled", fill.digest());
            fill.open(new Fill.Opening.Stored());
            breakOff("the release has been withdrawn");
            return "withdrawn";
        }
        fill.open(new Fill.Opening.Flowing(artifact, spool.file()));
        fill.ended(ByteSource.State.WHOLE);
        return disk.admit(spool, artifact, fill.begun()) ? "admitted" : "withdrawn";
    }

    /** Keeps an object of unknown length within the bounds. */
    private void reserve(Spool spool, long needed) throws IOException {
        if (head.size() >= 0) {
            return;
        }
        if (needed > maxObject) {
            throw new IOException("the object is greater than " + maxObject + " bytes");
        }
        while (needed > disk.reservedFor(spool)) {
            if (!disk.extend(spool, EXTENT)) {
                throw new IOException("the disk quota has no room");
            }
        }
    }

    private StoredArtifact artifact(long size) {
        return new StoredArtifact(fill.digest(), size, head.lastModified(), head.generatedAt());
    }

    private void breakOff(String why) {
        if (fill.state() == ByteSource.State.FILLING) {
            fill.open(new Fill.Opening.Failed(new OriginFailure(OriginFailure.Kind.INVALID, why)));
            fill.ended(ByteSource.State.BROKEN);
            BoundedBody.cancel(response, why);
        }
    }

    private void discard(Spool spool) {
        try {
            disk.discard(spool);
        } catch (IOException undeletable) {
            LOG.warn("a spool file stays until the next start: {}", undeletable.toString());
        }
    }
}
