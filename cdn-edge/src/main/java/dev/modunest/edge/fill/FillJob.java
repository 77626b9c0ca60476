package dev.modunest.edge.fill;

import dev.modunest.edge.cache.ByteSource;
import dev.modunest.edge.cache.Content;
import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Spool;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.origin.OriginBody;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;

import io.vertx.core.buffer.Buffer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries a body to memory or disk while hashing it, and admits it to the tiers when it is whole
 * and what its digest says. Runs on a thread that may block; everything that can end it is bounded
 * by the origin's timeouts.
 */
final class FillJob {

    private static final Logger LOG = LoggerFactory.getLogger(FillJob.class);

    /** Room set aside at a time for an object whose length the origin does not tell. */
    private static final long EXTENT = 1 << 20;

    private static final String BROKEN_OFF = "broken-off";

    /** Times that a body which is cut off is gone on with. */
    private static final int MAX_RESUMED = 8;

    private static final int MAX_ATTEMPTS = 4;

    private static final int FIRST_BUFFER = 16 << 10;

    /**
     * What the head of the response tells.
     *
     * @param expected the digest that the bytes must have; null when none is known
     * @param size -1 when the origin does not tell it
     * @param begun the epoch of the refusals in which the object was asked for
     * @param secret whether it is only for those who prove that they may have it
     */
    record Head(
            @Nullable Digest expected,
            long size,
            Instant lastModified,
            Instant generatedAt,
            long begun,
            boolean secret) {}

    /** How it ended. */
    sealed interface Outcome {

        /**
         * The bytes are whole; {@code admitted} unless the object was withdrawn or the disk failed.
         */
        record Whole(StoredArtifact object, boolean admitted) implements Outcome {}

        /**
         * The object has been withdrawn or purged meanwhile; whoever follows a purged one has it.
         */
        record Withdrawn() implements Outcome {}

        /** The bytes are not those of the digest. */
        record Mismatch() implements Outcome {}

        /**
         * The body ended early, or could not be kept.
         *
         * @param code as in the metric of fills
         */
        record Broken(OriginFailure why, String code) implements Outcome {}
    }

    private final Fill fill;
    private final Head head;
    private final @Nullable Resumption resumption;
    private OriginBody body;
    private final DiskTier disk;
    private final EdgeCache cache;
    private final long maxObject;
    private final Consumer<StoredArtifact> stored;
    private final MessageDigest sha256 = Digest.newMessageDigest();
    private @Nullable ByteBuffer memory;
    private @Nullable Spool spool;
    private long written;

    /**
     * @param resumption null when a body that is cut off cannot be gone on with
     * @param stored told of the object as soon as a tier has it; of one in memory before anybody
     *     can have its last byte
     */
    FillJob(
            Fill fill,
            Head head,
            OriginBody body,
            @Nullable Resumption resumption,
            DiskTier disk,
            EdgeCache cache,
            long maxObject,
            Consumer<StoredArtifact> stored) {
        this.fill = fill;
        this.head = head;
        this.body = body;
        this.resumption = resumption;
        this.disk = disk;
        this.cache = cache;
        this.maxObject = maxObject;
        this.stored = stored;
    }

    /** Sets room aside; false when there is none, and the body has been given up. */
    boolean prepare() {
        if (head.size() <= cache.maxInMemory()) {
            memory =
                    ByteBuffer.allocateDirect(
                            head.size() >= 0
                                    ? (int) head.size()
                                    : (int) Math.min(FIRST_BUFFER, cache.maxInMemory()));
            fill.keptIn(memory);
            return true;
        }
        Optional<Spool> room = Optional.empty();
        try {
            room = disk.spool(head.size());
        } catch (IOException unwritable) {
            LOG.error("the disk tier takes no object: {}", unwritable.toString());
        }
        if (room.isEmpty()) {
            body.cancel("no room for the object");
            return false;
        }
        spool = room.get();
        fill.keptIn(spool.file());
        return true;
    }

    /** Carries the body to its end; the fill has ended then, and is not released yet. */
    Outcome carry() {
        String asker = resumption == null ? null : resumption.fields().get("X-Request-Id");
        if (asker == null) {
            return carryOn();
        }
        try (MDC.MDCCloseable _ = MDC.putCloseable("request_id", asker)) {
            return carryOn();
        }
    }

    private Outcome carryOn() {
        Outcome outcome = new Outcome.Broken(invalid("the fill failed"), BROKEN_OFF);
        try {
            outcome = receive();
        } catch (OriginFailure broken) {
            outcome = new Outcome.Broken(broken, BROKEN_OFF);
        } catch (IOException broken) {
            outcome =
                    new Outcome.Broken(
                            invalid(String.valueOf(broken.getMessage())), "storage-failed");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            outcome = new Outcome.Broken(invalid("the edge stops"), BROKEN_OFF);
        } finally {
            if (fill.state() == ByteSource.State.FILLING) {
                fill.ended(ByteSource.State.BROKEN);
                body.cancel("the fill is broken off");
            }
            discard();
        }
        if (outcome instanceof Outcome.Broken(OriginFailure why, String _)) {
            LOG.warn("fill of {} broken off: {}", name(), why.getMessage());
        }
        return outcome;
    }

    private Outcome receive() throws IOException, InterruptedException, OriginFailure {
        receiveAll();
        if (head.size() >= 0 && written != head.size()) {
            throw invalid("the body has " + written + " bytes instead of " + head.size());
        }
        Digest actual = Digest.finish(sha256);
        if (head.expected() != null && !actual.equals(head.expected())) {
            LOG.error(
                    "the origin sent {} bytes of {} for {}; nothing was admitted",
                    written,
                    actual,
                    head.expected());
            return new Outcome.Mismatch();
        }
        return admit(
                new StoredArtifact(
                        actual, written, head.lastModified(), head.generatedAt(), head.secret()));
    }

    private void receiveAll() throws IOException, InterruptedException, OriginFailure {
        for (int resumed = 0; ; resumed++) {
            try {
                receiveBody();
                return;
            } catch (OriginFailure cut) {
                if (resumption == null || head.size() < 0 || resumed == MAX_RESUMED) {
                    throw cut;
                }
                LOG.info("fill of {} goes on at {}: {}", name(), written, cut.getMessage());
                body = rest(resumption);
            }
        }
    }

    /** The rest of the body; the connection that was kept for it may have been cut as well. */
    private OriginBody rest(Resumption resumption) throws InterruptedException, OriginFailure {
        for (int attempt = 1; ; attempt++) {
            try {
                return resumption.from(written, head.size());
            } catch (OriginFailure failed) {
                if (failed.kind() != OriginFailure.Kind.UNREACHABLE || attempt == MAX_ATTEMPTS) {
                    throw failed;
                }
                LOG.debug("the rest of {} is asked for again: {}", name(), failed.getMessage());
            }
        }
    }

    private void receiveBody() throws IOException, InterruptedException, OriginFailure {
        body.start();
        for (Buffer next = body.next(); next != null; next = body.next()) {
            ByteBuffer bytes = ByteBuffer.wrap(next.getBytes());
            sha256.update(bytes.duplicate());
            keep(bytes);
            written += bytes.limit();
            fill.progressed(written);
        }
    }

    private void keep(ByteBuffer bytes) throws IOException {
        ByteBuffer buffer = memory;
        if (buffer != null && written + bytes.remaining() <= buffer.capacity()) {
            buffer.put((int) written, bytes, 0, bytes.remaining());
        } else if (buffer != null && written + bytes.remaining() <= cache.maxInMemory()) {
            long doubled = Math.max(2L * buffer.capacity(), written + bytes.remaining());
            memory = copyOf(buffer, (int) Math.min(doubled, cache.maxInMemory()));
            fill.keptIn(memory);
            keep(bytes);
        } else {
            spooling(bytes.remaining()).write(bytes);
        }
    }

    /** The spool with room for {@code more} bytes, with all that has come before. */
    private Spool spooling(int more) throws IOException {
        Spool target = spool;
        ByteBuffer buffer = memory;
        if (target == null) {
            target = disk.spool(EXTENT).orElseThrow(FillJob::noRoom);
            spool = target;
            reserve(target, written + more);
            target.write(
                    (buffer == null ? ByteBuffer.allocate(0) : buffer.slice(0, (int) written)));
            fill.keptIn(target.file());
            memory = null;
        } else if (head.size() < 0) {
            reserve(target, written + more);
        }
        return target;
    }

    private void reserve(Spool target, long needed) throws IOException {
        if (needed > maxObject) {
            throw new IOException("the object is greater than " + maxObject + " bytes");
        }
        while (needed > disk.reservedFor(target)) {
            if (!disk.extend(target, EXTENT)) {
                throw noRoom();
            }
        }
    }

    private Outcome admit(StoredArtifact object) throws IOException {
        ByteBuffer buffer = memory;
        if (buffer != null) {
            ByteBuffer exact =
                    buffer.capacity() - object.size() > buffer.capacity() / 4
                            ? copyOf(buffer, (int) object.size())
                            : buffer.slice(0, (int) object.size());
            if (!cache.remember(Content.of(object, exact), head.begun())) {
                if (cache.refusals().find(object.digest()) == null) {
                    fill.ended(ByteSource.State.WHOLE);
                }
                return new Outcome.Withdrawn();
            }
            stored.accept(object);
            fill.ended(ByteSource.State.WHOLE);
            return new Outcome.Whole(object, persist(object, exact));
        }
        if (cache.refusals().isRefused(object)) {
            return new Outcome.Withdrawn();
        }
        fill.ended(ByteSource.State.WHOLE);
        boolean admitted = spool != null && disk.admit(spool, object, head.begun());
        if (!admitted) {
            return new Outcome.Withdrawn();
        }
        stored.accept(object);
        return new Outcome.Whole(object, true);
    }

    /** Puts what is in memory on disk too, for the time after a start; false when it cannot be. */
    private boolean persist(StoredArtifact object, ByteBuffer bytes) {
        StoredArtifact there = disk.find(object.digest());
        if (there != null && there.secret() == object.secret()) {
            return true;
        }
        try {
            Optional<Spool> room = disk.spool(object.size());
            if (room.isEmpty()) {
                return false;
            }
            spool = room.get();
            spool.write(bytes.duplicate());
            return disk.admit(spool, object, head.begun());
        } catch (IOException unwritable) {
            LOG.error("{} is in memory alone: {}", object.digest(), unwritable.toString());
            return false;
        }
    }

    private void discard() {
        try {
            if (spool != null) {
                disk.discard(spool);
            }
        } catch (IOException undeletable) {
            LOG.warn("a spool file stays until the next start: {}", undeletable.toString());
        }
    }

    private String name() {
        return head.expected() == null ? "a response" : head.expected().toString();
    }

    private static ByteBuffer copyOf(ByteBuffer bytes, int capacity) {
        ByteBuffer copy = ByteBuffer.allocateDirect(capacity);
        copy.put(0, bytes, 0, Math.min(bytes.capacity(), capacity));
        return copy;
    }

    private static IOException noRoom() {
        return new IOException("the disk quota has no room");
    }

    private static OriginFailure invalid(String why) {
        return new OriginFailure(OriginFailure.Kind.INVALID, why);
    }
}
