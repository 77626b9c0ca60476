package dev.modunest.server.download;

import dev.modunest.db.DownloadStore.Count;
import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Downloads by artifact since the last {@link #take}. Thread-safe; counting takes no lock. */
final class DownloadCounter {

    private static final class Period {

        final LocalDate day;
        final ConcurrentHashMap<Digest, LongAdder> counts = new ConcurrentHashMap<>();
        final AtomicInteger distinct = new AtomicInteger();

        Period(LocalDate day) {
            this.day = day;
        }
    }

    private final int maxDistinct;
    private final InstantSource clock;
    private final LongAdder dropped = new LongAdder();
    private volatile Period current;

    /** Ended by the last take; a request may still have had it in hand. */
    private Period previous;

    DownloadCounter(int maxDistinct, InstantSource clock) {
        this.maxDistinct = maxDistinct;
        this.clock = clock;
        this.current = new Period(today());
        this.previous = new Period(today());
    }

    void count(Digest digest) {
        Period now = current;
        @Nullable LongAdder adder = now.counts.get(digest);
        if (adder != null) {
            adder.increment();
        } else if (now.distinct.get() >= maxDistinct) {
            dropped.increment();
        } else {
            now.counts
                    .computeIfAbsent(
                            digest,
                            _ -> {
                                now.distinct.incrementAndGet();
                                return new LongAdder();
                            })
                    .increment();
        }
    }

    /** Downloads that were not counted for want of room. */
    long dropped() {
        return dropped.sum();
    }

    /** Takes what has been counted and begins anew. */
    synchronized List<Count> take() {
        Period ended = current;
        current = new Period(today());
        List<Count> taken = new ArrayList<>();
        // LongAdder.sumThenReset takes each cell atomically: an increment is in this sum or the
        // next.
        drain(previous, taken);
        drain(ended, taken);
        previous = ended;
        return taken;
    }

    private static void drain(Period period, List<Count> into) {
        period.counts.forEach(
                (digest, adder) -> {
                    long count = adder.sumThenReset();
                    if (count > 0) {
                        into.add(new Count(digest, period.day, count));
                    }
                });
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
