package dev.modunest.edge.counts;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Origin;
import dev.modunest.settings.Secret;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts the counts on disk every interval and sends the batches to the origin, in their order and
 * each until it is acknowledged, on a thread of its own.
 */
public final class CountReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CountReporter.class);

    /** What became of a batch. */
    private enum Sent {
        ACKNOWLEDGED,
        REFUSED,
        LATER
    }

    private final DownloadCounter counter;
    private final BatchSpool spool;
    private final Origin origin;
    private final Secret token;
    private final CountSettings settings;
    private final EdgeMetrics metrics;
    private final CompletableFuture<Integer> stopping = new CompletableFuture<>();
    private final Thread thread = Thread.ofVirtual().name("edge-counts").unstarted(this::run);
    private volatile int waiting;
    private long retryAt = System.nanoTime();
    private Duration retryAfter;

    private CountReporter(
            DownloadCounter counter,
            BatchSpool spool,
            Origin origin,
            Secret token,
            CountSettings settings,
            EdgeMetrics metrics) {
        this.counter = counter;
        this.spool = spool;
        this.origin = origin;
        this.token = token;
        this.settings = settings;
        this.metrics = metrics;
        this.retryAfter = settings.interval();
        this.waiting = spool.size();
        metrics.watchBatches(() -> waiting);
        thread.start();
    }

    /** Reports if there is a token to report with. */
    public static Optional<CountReporter> start(
            DownloadCounter counter,
            Path directory,
            Origin origin,
            CountSettings settings,
            EdgeMetrics metrics) {
        return settings.token()
                .map(
                        token ->
                                new CountReporter(
                                        counter,
                                        spool(directory, settings, metrics),
                                        origin,
                                        token,
                                        settings,
                                        metrics));
    }

    private static BatchSpool spool(Path directory, CountSettings settings, EdgeMetrics metrics) {
        try {
            return new BatchSpool(directory, settings, metrics);
        } catch (IOException unusable) {
            throw new UncheckedIOException(directory + " cannot be used", unusable);
        }
    }

    /** Puts what has been counted on disk; the next start sends it. */
    @Override
    public void close() {
        // Not by an interrupt, which would close the file that is being written.
        stopping.complete(0);
        try {
            thread.join();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        keep();
    }

    private void run() {
        try {
            do {
                keep();
                send();
            } while (!isStopped(settings.interval()));
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped(Duration within) throws InterruptedException {
        try {
            stopping.get(within.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException running) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void keep() {
        var counts = counter.take();
        try {
            spool.add(counts);
        } catch (IOException unwritable) {
            long lost = counts.values().stream().mapToLong(Long::longValue).sum();
            LOG.error("{} downloads are not counted: {}", lost, unwritable.toString());
            metrics.downloadsDropped(lost);
        }
        waiting = spool.size();
    }

    private void send() throws InterruptedException {
        if (System.nanoTime() - retryAt < 0) {
            return;
        }
        for (Optional<DownloadBatch> next = spool.first();
                next.isPresent() && !stopping.isDone();
                next = spool.first()) {
            DownloadBatch batch = next.get();
            Sent sent = send(batch);
            metrics.batchSent(sent.name().toLowerCase(Locale.ROOT));
            if (sent == Sent.LATER) {
                retryAt = System.nanoTime() + retryAfter.toNanos();
                retryAfter = min(retryAfter.multipliedBy(2), settings.retryMax());
                return;
            }
            if (sent == Sent.REFUSED) {
                metrics.downloadsDropped(batch.downloads());
            }
            retryAfter = settings.interval();
            spool.done(batch.sequence());
            waiting = spool.size();
        }
    }

    private Sent send(DownloadBatch batch) throws InterruptedException {
        int status;
        try {
            status = post(batch);
        } catch (ExecutionException failed) {
            LOG.debug("batch {} is sent again: {}", batch.sequence(), failed.toString());
            return Sent.LATER;
        }
        return switch (status) {
            case 200 -> Sent.ACKNOWLEDGED;
            case 400, 413, 422 -> {
                LOG.error(
                        "the origin answers {} to batch {}: {} downloads are not counted",
                        status,
                        batch.sequence(),
                        batch.downloads());
                yield Sent.REFUSED;
            }
            case 401, 403 -> {
                LOG.warn(
                        "the origin does not take counts from here ({}): give both the same"
                                + " downloads.token",
                        status);
                yield Sent.LATER;
            }
            default -> Sent.LATER;
        };
    }

    private int post(DownloadBatch batch) throws InterruptedException, ExecutionException {
        return origin.exchange(
                        HttpMethod.POST,
                        "/api/v1/downloads",
                        MultiMap.caseInsensitiveMultiMap()
                                .add("Authorization", "Bearer " + token.value())
                                .add("Content-Type", "application/json")
                                .add("Via", "1.1 modunest-edge"),
                        batch.toJson())
                .map(
                        response -> {
                            response.resume();
                            return response.statusCode();
                        })
                .toCompletionStage()
                .toCompletableFuture()
                .applyToEither(stopping, status -> status)
                .get();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
