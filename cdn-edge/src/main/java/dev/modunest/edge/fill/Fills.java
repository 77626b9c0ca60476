package dev.modunest.edge.fill;

import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Freshness;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginBody;
import dev.modunest.edge.origin.OriginFailure;
import dev.modunest.format.Digest;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/** The running fills: one per object, and not more than the bound at once. Thread-safe. */
public final class Fills {

    /** The greatest refusal of the origin that is shared among followers. */
    private static final long MAX_REFUSAL_BYTES = 64 << 10;

    /** A place in a fill. */
    public record Joined(Fill fill, boolean leading) {}

    private final Origin origin;
    private final DiskTier disk;
    private final EdgeCache cache;
    private final FillSettings settings;
    private final long maxObject;
    private final Documents documents;
    private final boolean counted;
    private final Executor blocking;
    private final InstantSource clock;
    private final EdgeMetrics metrics;
    private final ConcurrentHashMap<Digest, Fill> running = new ConcurrentHashMap<>();
    private final Semaphore permits;

    public Fills(
            Origin origin,
            DiskTier disk,
            EdgeCache cache,
            FillSettings settings,
            long maxObject,
            Documents documents,
            DownloadCounter downloads,
            Executor blocking,
            InstantSource clock,
            EdgeMetrics metrics) {
        this.origin = origin;
        this.disk = disk;
        this.cache = cache;
        this.settings = settings;
        this.maxObject = maxObject;
        this.documents = documents;
        this.counted = downloads.isCounting();
        this.blocking = blocking;
        this.clock = clock;
        this.metrics = metrics;
        this.permits = new Semaphore(settings.maxConcurrent());
        metrics.watchFills(running::size);
    }

    /**
     * Joins the fill of {@code digest} or starts it; empty when that would be one too many. Called
     * on an event loop, which then carries the exchange.
     */
    public Optional<Joined> join(Digest digest, Asker asker) {
        Fill theirs = running.get(digest);
        if (theirs != null) {
            return Optional.of(new Joined(theirs, false));
        }
        if (!permits.tryAcquire()) {
            return Optional.empty();
        }
        Fill mine = new Fill(digest, cache.refusals().epoch(), documents.begin());
        theirs = running.putIfAbsent(digest, mine);
        if (theirs != null) {
            permits.release();
            return Optional.of(new Joined(theirs, false));
        }
        if (cache.isOnDisk(digest)) {
            mine.open(new Fill.Opening.Stored());
            over(mine);
        } else {
            start(mine, asker);
        }
        return Optional.of(new Joined(mine, true));
    }

    private void start(Fill fill, Asker asker) {
        MultiMap headers = asker.headers();
        if (counted) {
            headers.add(DownloadCounter.COUNTED, "edge");
        }
        origin.exchange(HttpMethod.GET, "/artifacts/sha256/" + fill.digest().hex(), headers)
                .onSuccess(response -> opened(fill, response))
                .onFailure(
                        failure ->
                                give(
                                        fill,
                                        new Fill.Opening.Failed(OriginFailure.of(failure)),
                                        "origin-failed"));
    }

    private void opened(Fill fill, HttpClientResponse response) {
        if (response.statusCode() != 200) {
            refused(fill, response);
            return;
        }
        if (!Freshness.isShared(response.headers())) {
            BoundedBody.cancel(response, "may not be shared");
            give(fill, new Fill.Opening.PassThrough("not-shared"), "not-shared");
            return;
        }
        long size = BoundedBody.declaredLength(response);
        Optional<Digest> told = ReprDigest.sha256(response.headers());
        if (told.isPresent() && !told.get().equals(fill.digest())) {
            BoundedBody.cancel(response, "another digest");
            give(fill, new Fill.Opening.Failed(wrong(fill, told.get())), "digest-mismatch");
        } else if (size > maxObject) {
            BoundedBody.cancel(response, "too large");
            give(fill, new Fill.Opening.PassThrough("too-large"), "too-large");
        } else {
            carry(fill, response, size);
        }
    }

    private void carry(Fill fill, HttpClientResponse response, long size) {
        Instant generatedAt = clock.instant().minusSeconds(Freshness.age(response.headers()));
        Instant lastModified =
                HttpDate.parse(response.getHeader("Last-Modified")).orElse(generatedAt);
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
        OriginBody body = new OriginBody(response, loop, settings.buffer().bytes());
        body.attach();
        FillJob job =
                new FillJob(
                        fill,
                        new FillJob.Head(size, lastModified, generatedAt),
                        response,
                        body,
                        disk,
                        cache,
                        maxObject,
                        metrics);
        blocking.execute(
                () -> {
                    try {
                        job.run();
                    } finally {
                        over(fill);
                    }
                });
    }

    private void refused(Fill fill, HttpClientResponse response) {
        BoundedBody.read(response, MAX_REFUSAL_BYTES)
                .onSuccess(body -> give(fill, refusal(fill, response, body), "refused"))
                .onFailure(
                        broken ->
                                give(
                                        fill,
                                        new Fill.Opening.Failed(OriginFailure.of(broken)),
                                        "origin-failed"));
    }

    private Fill.Opening refusal(Fill fill, HttpClientResponse response, Optional<Buffer> body) {
        return body.<Fill.Opening>map(
                        bytes ->
                                new Fill.Opening.Refused(
                                        documents.refusal(response, bytes, fill.stamp())))
                .orElseGet(() -> new Fill.Opening.PassThrough("refused"));
    }

    /** Ends a fill that never flowed. */
    private void give(Fill fill, Fill.Opening opening, String outcome) {
        metrics.fillEnded(outcome);
        fill.open(opening);
        over(fill);
    }

    private void over(Fill fill) {
        running.remove(fill.digest(), fill);
        permits.release();
    }

    private static OriginFailure wrong(Fill fill, Digest told) {
        return new OriginFailure(
                OriginFailure.Kind.INVALID, "it has " + told + " for " + fill.digest());
    }
}
