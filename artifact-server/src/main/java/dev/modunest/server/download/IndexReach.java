package dev.modunest.server.download;

import dev.modunest.db.DatabaseException;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Whether the index answers, while no lease says that it does: so that requests do not wait for a
 * connection one after the other. Thread-safe.
 */
final class IndexReach {

    private enum Seen {
        NOTHING,
        ANSWER,
        FAILURE
    }

    private final BooleanSupplier unreachable;
    private final Runnable ping;
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile Seen seen = Seen.NOTHING;

    /**
     * Knows nothing yet.
     *
     * @param unreachable what another connection found last
     * @param ping throws a {@link DatabaseException} when the index does not answer
     */
    IndexReach(BooleanSupplier unreachable, Runnable ping) {
        this.unreachable = unreachable;
        this.ping = ping;
    }

    boolean isAway() {
        return switch (seen) {
            case NOTHING -> unreachable.getAsBoolean();
            case ANSWER -> false;
            case FAILURE -> true;
        };
    }

    /** What was seen is of an earlier outage. */
    void forget() {
        see(Seen.NOTHING);
    }

    void answered() {
        see(Seen.ANSWER);
    }

    void failed() {
        see(Seen.FAILURE);
    }

    private void see(Seen now) {
        if (seen != now) {
            seen = now;
        }
    }

    /** Asks the index in the background, once at a time. */
    void probe() {
        if (probing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("index-probe").start(this::ask);
        }
    }

    private void ask() {
        try {
            ping.run();
            answered();
        } catch (DatabaseException away) {
            failed();
        } finally {
            probing.set(false);
        }
    }
}
