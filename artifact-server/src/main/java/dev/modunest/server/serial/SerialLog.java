package dev.modunest.server.serial;

import dev.modunest.db.OutboxEvent;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Up to which serial number this server has applied the changes of the index, and the newest of
 * them. A read that begins after {@code n} was applied shows every change up to {@code n}: the
 * followers are told of a change before it counts as applied. Thread-safe.
 */
public final class SerialLog implements AutoCloseable {

    /** A generation that never was: what follows it is a reset. */
    public static final long NO_GENERATION = -1;

    private static final int MOST_EVENTS = 500;

    /** What comes after a serial number. */
    public sealed interface Tail {

        /** The next events. */
        record Events(List<OutboxEvent> events) implements Tail {}

        /** Nothing yet. */
        record Nothing() implements Tail {}

        /** Which events came after it is not known; those after {@code serial} will be. */
        record Reset(long serial, long generation) implements Tail {}

        /** The server stops. */
        record Closed() implements Tail {}
    }

    private final List<Follower> followers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final RecentEvents recent;

    private volatile long applied;
    private volatile long generation;
    private volatile boolean closed;

    public SerialLog(SerialConfig config, List<Follower> followers) {
        this.recent = new RecentEvents(config.kept());
        this.followers = List.copyOf(followers);
    }

    /** 0 before the first look at the outbox. */
    public long applied() {
        return applied;
    }

    /** Changes whenever the events before are no longer vouched for; 0 before the first look. */
    public long generation() {
        return generation;
    }

    /** This server made the change: what it reads from now on shows it. */
    public void changed(Change change) {
        followers.forEach(follower -> follower.changed(change));
    }

    /** Whether {@code serial} was applied within {@code longest}. */
    public boolean await(long serial, Duration longest) {
        return applied >= serial || waiting(longest, () -> applied >= serial);
    }

    /** Whether there was a first look within {@code longest}. */
    public boolean awaitBegun(Duration longest) {
        return generation > 0 || waiting(longest, () -> generation > 0);
    }

    /** What follows {@code serial} of {@code since}, waiting for it up to {@code longest}. */
    public Tail after(long serial, long since, Duration longest) {
        lock.lock();
        try {
            boolean _ = waiting(longest, () -> since != generation || serial < recent.newest());
            if (closed) {
                return new Tail.Closed();
            }
            if (since != generation || !recent.reachesBackTo(serial)) {
                return new Tail.Reset(recent.newest(), generation);
            }
            List<OutboxEvent> events = recent.after(serial, MOST_EVENTS);
            return events.isEmpty() ? new Tail.Nothing() : new Tail.Events(events);
        } finally {
            lock.unlock();
        }
    }

    private boolean waiting(Duration longest, BooleanSupplier reached) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (!reached.getAsBoolean()) {
                if (left <= 0 || closed) {
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether the event of that serial number was made at that time: in a database that went back
     * in time another event may have the number. False when the event is not kept.
     */
    public boolean isOf(long serial, Instant at) {
        lock.lock();
        try {
            return recent.find(serial).filter(event -> event.at().equals(at)).isPresent();
        } finally {
            lock.unlock();
        }
    }

    Optional<OutboxEvent> last() {
        lock.lock();
        try {
            return recent.last();
        } finally {
            lock.unlock();
        }
    }

    /** Applies the events that follow {@link #applied()}. */
    void append(List<OutboxEvent> events) {
        events.forEach(event -> changed(Change.of(event)));
        move(() -> events.forEach(recent::add));
    }

    /** Begins at {@code serial}: what was read before may be wrong. */
    void restart(long serial, List<OutboxEvent> before) {
        followers.forEach(Follower::everythingChanged);
        long next = generation + 1;
        move(
                () -> {
                    recent.restart(serial, before);
                    generation = next;
                });
    }

    private void move(Runnable step) {
        lock.lock();
        try {
            step.run();
            applied = recent.newest();
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
