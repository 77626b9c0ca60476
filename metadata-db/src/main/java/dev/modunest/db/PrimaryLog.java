package dev.modunest.db;

import java.util.ArrayList;
import java.util.List;

/**
 * When the primary was at which position, by the clock of this process, so that the age of what a
 * replica has replayed is known without comparing clocks of machines. Thread-safe.
 */
final class PrimaryLog {

    /** More than four minutes of a check every 250 ms; past it the older half gets coarser. */
    private static final int CAPACITY = 1_024;

    private record Sample(LogPosition position, long atNanos) {}

    private final List<Sample> samples = new ArrayList<>();
    private int timeline;

    /** The primary was at {@code position} or before at {@code atNanos}. */
    synchronized void add(LogPosition position, long atNanos) {
        if (!samples.isEmpty() && samples.getLast().position().equals(position)) {
            samples.removeLast();
        }
        if (samples.size() == CAPACITY) {
            for (int i = CAPACITY / 2 - 1; i > 0; i -= 2) {
                samples.remove(i);
            }
        }
        samples.add(new Sample(position, atNanos));
    }

    /** Forgets the positions of the last primary; returns whether there was one. */
    synchronized boolean restart(int newTimeline) {
        boolean another = timeline != 0;
        timeline = newTimeline;
        samples.clear();
        return another;
    }

    /** 0 until the primary has told. */
    synchronized int timeline() {
        return timeline;
    }

    /** The last position that the primary told. */
    synchronized LogPosition newest() {
        return samples.isEmpty() ? LogPosition.START : samples.getLast().position();
    }

    /**
     * The last time at which everything committed was at or before {@code replayed}; the time of
     * the oldest that is known when that is later still.
     */
    synchronized long asOfNanos(LogPosition replayed, long nowNanos) {
        for (int i = samples.size() - 1; i >= 0; i--) {
            if (!replayed.isBefore(samples.get(i).position())) {
                return samples.get(i).atNanos();
            }
        }
        return samples.isEmpty() ? nowNanos : samples.getFirst().atNanos();
    }
}
