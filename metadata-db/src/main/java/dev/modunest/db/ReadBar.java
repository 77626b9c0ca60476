package dev.modunest.db;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a replica must have replayed so that a read there misses no commit of this process and no
 * event that it heard. Thread-safe.
 *
 * <p>A commit costs one increment: its position is asked for afterwards, once for all commits so
 * far, and until it is known no replica has reached the bar.
 */
final class ReadBar {

    private record Covered(long commits, LogPosition position) {}

    // The first is what was there before this process: the migrations of its start.
    private final AtomicLong commits = new AtomicLong(1);
    private volatile Covered covered = new Covered(0, LogPosition.START);

    void committed() {
        commits.incrementAndGet();
    }

    /** The number of commits so far, to be taken before the position that covers them is asked. */
    long commits() {
        return commits.get();
    }

    boolean isCovered() {
        return covered.commits() == commits.get();
    }

    boolean isReachedBy(LogPosition replayed) {
        Covered now = covered;
        return now.commits() == commits.get() && !replayed.isBefore(now.position());
    }

    /** {@code position} is at or after the first {@code number} commits. */
    synchronized void cover(long number, LogPosition position) {
        covered = new Covered(number, later(covered.position(), position));
    }

    synchronized void raise(LogPosition position) {
        covered = new Covered(covered.commits(), later(covered.position(), position));
    }

    /**
     * Another server has become the primary: what survived is at or before its {@code position},
     * and positions of the old one say nothing any more.
     */
    synchronized void restart(long number, LogPosition position) {
        covered = new Covered(number, position);
    }

    private static LogPosition later(LogPosition one, LogPosition other) {
        return one.isBefore(other) ? other : one;
    }
}
