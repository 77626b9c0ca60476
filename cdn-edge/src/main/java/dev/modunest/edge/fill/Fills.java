package dev.modunest.edge.fill;

import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.StoredArtifact;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.OriginBody;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Carries the bodies of the origin's responses into the tiers, at most {@code fill.max_concurrent}
 * at once. Thread-safe.
 */
public final class Fills {

    /** Whether a body is on its way. */
    sealed interface Started {

        /** {@code fill} can be followed; whoever does takes a lease. */
        record Flowing(Fill fill) implements Started {}

        /** Neither memory nor disk has room; the response is given up. */
        record NoRoom() implements Started {}
    }

    /** What a body is of, as metrics tell it. */
    enum Kind {
        ARTIFACT,
        RESPONSE
    }

    private final DiskTier disk;
    private final EdgeCache cache;
    private final FillSettings settings;
    private final long maxObject;
    private final Executor blocking;
    private final EdgeMetrics metrics;
    private final Semaphore permits;
    private final AtomicInteger running = new AtomicInteger();

    public Fills(
            DiskTier disk,
            EdgeCache cache,
            FillSettings settings,
            long maxObject,
            Executor blocking,
            EdgeMetrics metrics) {
        this.disk = disk;
        this.cache = cache;
        this.settings = settings;
        this.maxObject = maxObject;
        this.blocking = blocking;
        this.metrics = metrics;
        this.permits = new Semaphore(settings.maxConcurrent());
        metrics.watchFills(running::get);
    }

    /** The right to ask the origin for one more object; given back by {@link #over}. */
    boolean begin() {
        boolean begun = permits.tryAcquire();
        if (begun) {
            running.incrementAndGet();
        }
        return begun;
    }

    void over() {
        running.decrementAndGet();
        permits.release();
    }

    /** Ends what never flowed. */
    void over(String outcome) {
        metrics.fillEnded(outcome);
        over();
    }

    public Duration retryAfter() {
        return settings.retryAfter();
    }

    public int maxConcurrent() {
        return settings.maxConcurrent();
    }

    long buffer() {
        return settings.buffer().bytes();
    }

    long maxObject() {
        return maxObject;
    }

    long epoch() {
        return cache.refusals().epoch();
    }

    /**
     * Carries the body of {@code response}, on whose event loop it is called. All three run on a
     * thread of the fill: {@code started} once, and after a body that flowed {@code ended}; {@code
     * stored} as {@link FillJob} tells.
     */
    void carry(
            Kind kind,
            HttpClientResponse response,
            FillJob.Head head,
            @Nullable Resumption resumption,
            Consumer<Started> started,
            Consumer<StoredArtifact> stored,
            Consumer<FillJob.Outcome> ended) {
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
        OriginBody body = new OriginBody(response, loop, settings.buffer().bytes());
        body.attach();
        Fill fill = new Fill();
        FillJob job = new FillJob(fill, head, body, resumption, disk, cache, maxObject, stored);
        blocking.execute(
                () -> {
                    if (job.prepare()) {
                        started.accept(new Started.Flowing(fill));
                        try {
                            FillJob.Outcome outcome = job.carry();
                            ended(kind, code(outcome));
                            ended.accept(outcome);
                        } finally {
                            fill.release();
                        }
                    } else {
                        ended(kind, "no-room");
                        started.accept(new Started.NoRoom());
                    }
                });
    }

    private void ended(Kind kind, String outcome) {
        switch (kind) {
            case ARTIFACT -> metrics.fillEnded(outcome);
            case RESPONSE -> metrics.responseStored(outcome);
        }
    }

    private static String code(FillJob.Outcome outcome) {
        return switch (outcome) {
            case FillJob.Outcome.Whole(StoredArtifact _, boolean admitted) ->
                    admitted ? "admitted" : "memory-only";
            case FillJob.Outcome.Withdrawn() -> "withdrawn";
            case FillJob.Outcome.Mismatch() -> "digest-mismatch";
            case FillJob.Outcome.Broken(var _, String code) -> code;
        };
    }
}
