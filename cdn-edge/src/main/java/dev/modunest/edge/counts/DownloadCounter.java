package dev.modunest.edge.counts;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Downloads by artifact since the last {@link #take}. Thread-safe; {@link #count} takes no lock,
 * and allocates at the first download of an artifact in an interval alone.
 */
public final class DownloadCounter {

    /** What is counted from one take to the next. */
    private static final class Interval {

        final LocalDate day;
        final ConcurrentHashMap<Digest, LongAdder> counts = new ConcurrentHashMap<>();
        final AtomicInteger distinct = new AtomicInteger();

        Interval(LocalDate day) {
            this.day = day;
        }
    }

    /** In a request: who asks counts the download. */
    public static final String COUNTED = "Registry-Downloads-Counted";

    private final boolean counting;
    private final int maxDistinct;
    private final InstantSource clock;
    private final EdgeMetrics metrics;
    private volatile Interval current;

    /** Taken at the last take; a request may still have had it in hand. */
    private Interval previous;

    public DownloadCounter(CountSettings settings, InstantSource clock, EdgeMetrics metrics) {
        this.counting = settings.token().isPresent();
        this.maxDistinct = settings.maxDistinct();
        this.clock = clock;
        this.metrics = metrics;
        this.current = new Interval(today());
        this.previous = new Interval(today());
    }

    /** Whether downloads are counted here, so that the origin must not count its answers to us. */
    public boolean isCounting() {
        return counting;
    }

    public void count(Digest digest) {
        if (!counting) {
            return;
        }
        Interval now = current;
        @Nullable LongAdder adder = now.counts.get(digest);
        if (adder != null) {
            adder.increment();
        } else {
            first(now, digest);
        }
    }

    private void first(Interval now, Digest digest) {
        if (now.distinct.get() >= maxDistinct) {
            metrics.downloadsDropped(1);
            return;
        }
        now.counts
                .computeIfAbsent(
                        digest,
                        _ -> {
                            now.distinct.incrementAndGet();
                            return new LongAdder();
                        })
                .increment();
    }

    /** Takes what has been counted and begins anew. */
    synchronized Map<DownloadBatch.Key, Long> take() {
        Interval ended = current;
        current = new Interval(today());
        Map<DownloadBatch.Key, Long> taken = new HashMap<>();
        // LongAdder.sumThenReset takes each cell atomically: an increment is in this sum or the
        // next.
        drain(previous, taken);
        drain(ended, taken);
        previous = ended;
        return taken;
    }

    private static void drain(Interval interval, Map<DownloadBatch.Key, Long> into) {
        interval.counts.forEach(
                (digest, adder) -> {
                    long count = adder.sumThenReset();
                    if (count > 0) {
                        into.merge(new DownloadBatch.Key(digest, interval.day), count, Long::sum);
                    }
                });
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
