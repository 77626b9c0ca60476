package dev.modunest.server.serial;

import dev.modunest.db.OutboxEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The newest events without a gap, a bounded number of them. Not thread-safe. */
final class RecentEvents {

    private final @Nullable OutboxEvent[] ring;
    private long oldest = 1;
    private long newest;

    RecentEvents(int capacity) {
        this.ring = new @Nullable OutboxEvent[capacity];
    }

    /** The serial number up to which events are known. */
    long newest() {
        return newest;
    }

    /** Whether every event after {@code serial} is kept. */
    boolean reachesBackTo(long serial) {
        return serial >= oldest - 1 && serial <= newest;
    }

    /** The newest event; empty when it is not kept. */
    Optional<OutboxEvent> last() {
        return find(newest);
    }

    /** The event of that serial number; empty when it is not kept. */
    Optional<OutboxEvent> find(long serial) {
        return serial < oldest || serial > newest ? Optional.empty() : Optional.of(get(serial));
    }

    /** The first {@code limit} events after {@code serial}, which it reaches back to. */
    List<OutboxEvent> after(long serial, int limit) {
        long end = Math.min(newest, serial + limit);
        List<OutboxEvent> events = new ArrayList<>();
        for (long next = serial + 1; next <= end; next++) {
            events.add(get(next));
        }
        return events;
    }

    private OutboxEvent get(long serial) {
        @Nullable OutboxEvent event = ring[slot(serial)];
        if (event == null || event.serial() != serial) {
            throw new IllegalStateException("event " + serial + " is not kept");
        }
        return event;
    }

    /** Adds the event after the newest. */
    void add(OutboxEvent event) {
        if (event.serial() != newest + 1) {
            throw new IllegalStateException(event.serial() + " does not follow " + newest);
        }
        ring[slot(event.serial())] = event;
        newest = event.serial();
        oldest = Math.max(oldest, newest - ring.length + 1);
    }

    /**
     * Begins again at {@code serial}.
     *
     * @param before events in the order of their serial numbers; kept are the last of them that
     *     lead to {@code serial} without a gap
     */
    void restart(long serial, List<OutboxEvent> before) {
        List<OutboxEvent> leading = new ArrayList<>();
        long expected = serial;
        for (OutboxEvent event : before.reversed()) {
            if (event.serial() == expected && leading.size() < ring.length) {
                leading.addFirst(event);
                expected--;
            }
        }
        newest = expected;
        oldest = expected + 1;
        leading.forEach(this::add);
    }

    private int slot(long serial) {
        return (int) (serial % ring.length);
    }
}
