package dev.modunest.edge.prefetch;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Asker;
import dev.modunest.format.Digest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * The jobs of prefetching: their targets are fetched in the order in which they came, a bounded
 * number at once, on all event loops in turn. Thread-safe.
 */
public final class Prefetches implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Prefetches.class);
    private static final int ID_DIGITS = 32;

    /** What became of a list of targets. */
    public sealed interface Submitted {

        /** It is fetched, or was being fetched already. */
        record Accepted(PrefetchJob job) implements Submitted {}

        /**
         * There is no room for it.
         *
         * @param why one sentence that names the bound
         */
        record Full(String why) implements Submitted {}
    }

    private record Waiting(PrefetchJob job, String target, Asker asker) {}

    private final PrefetchSettings settings;
    private final TargetFetch fetch;
    private final VertxInternal vertx;
    private final InstantSource clock;
    private final EdgeMetrics metrics;
    private final Map<String, PrefetchJob> jobs = new LinkedHashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private int running;

    public Prefetches(
            PrefetchSettings settings,
            TargetFetch fetch,
            Vertx vertx,
            InstantSource clock,
            EdgeMetrics metrics) {
        this.settings = settings;
        this.fetch = fetch;
        this.vertx = (VertxInternal) vertx;
        this.clock = clock;
        this.metrics = metrics;
        metrics.watchPrefetches(this::waiting);
    }

    /**
     * Has {@code targets} fetched. The same list has the same job while that runs, and after it a
     * new one in its place.
     *
     * @param targets paths with their queries, one at least
     */
    public synchronized Submitted submit(SequencedSet<String> targets, Asker asker) {
        String id = id(targets);
        PrefetchJob known = jobs.get(id);
        if (known != null && !known.isOver()) {
            return new Submitted.Accepted(known);
        }
        if (waiting.size() + targets.size() > settings.maxWaiting()) {
            return new Submitted.Full(
                    waiting.size()
                            + " targets wait, and more than prefetch.max_waiting, which is "
                            + settings.maxWaiting()
                            + ", would; send fewer or retry.");
        }
        jobs.remove(id);
        if (jobs.size() >= settings.maxJobs() && !forgetOne()) {
            return new Submitted.Full(
                    settings.maxJobs() + " jobs run, which is prefetch.max_jobs; retry.");
        }
        PrefetchJob job = new PrefetchJob(id, targets.size(), clock.instant());
        jobs.put(id, job);
        targets.forEach(target -> waiting.add(new Waiting(job, target, asker)));
        startSome();
        return new Submitted.Accepted(job);
    }

    public synchronized Optional<PrefetchJob> find(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Starts nothing more. */
    @Override
    public synchronized void close() {
        waiting.clear();
    }

    private synchronized long waiting() {
        return waiting.size();
    }

    private boolean forgetOne() {
        for (var oldestFirst = jobs.values().iterator(); oldestFirst.hasNext(); ) {
            if (oldestFirst.next().isOver()) {
                oldestFirst.remove();
                return true;
            }
        }
        return false;
    }

    private void startSome() {
        while (running < settings.maxConcurrent() && !waiting.isEmpty()) {
            Waiting next = waiting.remove();
            running++;
            Context loop = vertx.createEventLoopContext();
            loop.runOnContext(_ -> start(next));
        }
    }

    private void start(Waiting next) {
        Future.succeededFuture()
                .compose(_ -> fetch.fetch(next.target(), next.asker()))
                .otherwise(
                        bug -> {
                            LOG.error("prefetch of {} failed", next.target(), bug);
                            return Optional.of("the edge failed; its log has the reason");
                        })
                .onSuccess(failure -> ended(next, failure));
    }

    private synchronized void ended(Waiting target, Optional<String> failure) {
        running--;
        metrics.prefetched(failure.isEmpty() ? "done" : "failed");
        target.job().ended(target.target(), failure, clock.instant());
        startSome();
    }

    private static String id(SequencedSet<String> targets) {
        byte[] all = String.join("\n", targets).getBytes(StandardCharsets.UTF_8);
        return Digest.ofBytes(all).hex().substring(0, ID_DIGITS);
    }
}
