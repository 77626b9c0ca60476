package dev.modunest.edge.purge;

import dev.modunest.edge.access.ArtifactAccess;
import dev.modunest.edge.access.EdgeCredential;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Origin;
import dev.modunest.format.Digest;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Asks the origin by HEAD for every object that was on disk when events were missed, one after the
 * other, and drops those that it refuses. Objects are served meanwhile. Thread-safe.
 */
public final class Recheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Recheck.class);

    private final Origin origin;
    private final EdgeCache cache;
    private final Duration pause;
    private final EdgeCredential credential;
    private final ArrayDeque<Digest> waiting = new ArrayDeque<>();
    private final Thread worker = Thread.ofVirtual().name("edge-recheck").unstarted(this::run);
    private boolean stopped;

    /**
     * Begins to wait for objects.
     *
     * @param pause before an object is asked for again after the origin failed
     */
    public Recheck(
            Origin origin,
            EdgeCache cache,
            Duration pause,
            EdgeCredential credential,
            EdgeMetrics metrics) {
        this.origin = origin;
        this.cache = cache;
        this.pause = pause;
        this.credential = credential;
        metrics.watchRechecks(this::size);
        worker.start();
    }

    /** Begins anew with {@code digests}. */
    synchronized void restart(Collection<Digest> digests) {
        waiting.clear();
        waiting.addAll(digests);
        notifyAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        worker.interrupt();
    }

    private void run() {
        try {
            for (Digest next = next(); next != null; next = next()) {
                check(next);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long size() {
        return waiting.size();
    }

    private synchronized @Nullable Digest next() throws InterruptedException {
        while (waiting.isEmpty() && !stopped) {
            wait();
        }
        return stopped ? null : waiting.poll();
    }

    /** What the origin says of an object, and whether that it is private. */
    private record Said(int status, boolean secret) {}

    private void check(Digest digest) throws InterruptedException {
        boolean secret = cache.isSecret(digest);
        Said said;
        try {
            said = ask(digest, secret);
        } catch (ExecutionException failed) {
            LOG.debug("{} is asked for again: {}", digest, failed.toString());
            again(digest);
            return;
        }
        int status = said.status();
        if (secret && status < 500 && !said.secret()) {
            // Its mark is not right any more, or it is not for this edge.
            drop(digest, status);
        }
        switch (status) {
            case 404 -> drop(digest, status);
            case 410 -> withdraw(digest, Refusals.Kind.DELETED, status);
            case 451 -> withdraw(digest, Refusals.Kind.QUARANTINED, status);
            default -> {
                if (status >= 500) {
                    again(digest);
                }
            }
        }
    }

    private Said ask(Digest digest, boolean secret)
            throws InterruptedException, ExecutionException {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap()
                        .add("Via", "1.1 modunest-edge")
                        // A shield may not have rechecked it yet.
                        .add("Cache-Control", "no-cache");
        if (secret) {
            credential.authorization().ifPresent(own -> headers.add("Authorization", own));
        }
        return origin.exchange(HttpMethod.HEAD, "/artifacts/sha256/" + digest.hex(), headers)
                .map(
                        response -> {
                            response.resume();
                            return new Said(
                                    response.statusCode(),
                                    ArtifactAccess.PRIVATE.equals(
                                            response.getHeader(ArtifactAccess.FIELD)));
                        })
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private void withdraw(Digest digest, Refusals.Kind kind, int status) {
        cache.refusals().refuse(digest, kind);
        drop(digest, status);
    }

    private void drop(Digest digest, int status) {
        LOG.info("dropped {}: the origin answers {}", digest, status);
        cache.drop(digest);
    }

    private synchronized void again(Digest digest) throws InterruptedException {
        waiting.addLast(digest);
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0 && !stopped; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
