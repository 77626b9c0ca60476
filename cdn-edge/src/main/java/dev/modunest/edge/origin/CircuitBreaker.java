package dev.modunest.edge.origin;

import java.util.function.LongSupplier;

/**
 * Keeps requests from a server that does not answer (Nygard, "Release It!", 5.2): closed, all pass;
 * open, none for a time; half open, a few find out. What requests from before the last change of
 * state tell is ignored. Thread-safe.
 */
final class CircuitBreaker {

    enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** No permit. */
    static final long NONE = 0;

    private static final int MAX_DOUBLINGS = 20;

    private final BreakerSettings settings;
    private final LongSupplier nanos;
    private State state = State.CLOSED;
    private long generation = 1;
    private int failures;
    private int trials;
    private int reopened;
    private long openUntil;

    CircuitBreaker(BreakerSettings settings, LongSupplier nanos) {
        this.settings = settings;
        this.nanos = nanos;
    }

    synchronized State state() {
        if (state == State.OPEN && nanos.getAsLong() - openUntil >= 0) {
            become(State.HALF_OPEN);
        }
        return state;
    }

    /** Whether a request would get a permit now. */
    synchronized boolean isPassable() {
        return switch (state()) {
            case CLOSED -> true;
            case OPEN -> false;
            case HALF_OPEN -> trials < settings.trials();
        };
    }

    /** A permit for one request, which ends in one of the three methods below; or NONE. */
    synchronized long acquire() {
        if (!isPassable()) {
            return NONE;
        }
        if (state == State.HALF_OPEN) {
            trials++;
        }
        return generation;
    }

    synchronized void succeeded(long permit) {
        if (permit != generation) {
            return;
        }
        failures = 0;
        if (state == State.HALF_OPEN) {
            reopened = 0;
            become(State.CLOSED);
        }
    }

    /**
     * Takes a failure in.
     *
     * @param dead whether this failure alone says that nobody is there
     * @return whether the breaker has opened
     */
    synchronized boolean failed(long permit, boolean dead) {
        if (permit != generation) {
            return false;
        }
        failures++;
        if (state == State.HALF_OPEN) {
            reopened = Math.min(reopened + 1, MAX_DOUBLINGS);
            open();
            return true;
        }
        if (dead || failures >= settings.failures()) {
            open();
            return true;
        }
        return false;
    }

    /** For a request that was given up and tells nothing of the server. */
    synchronized void abandoned(long permit) {
        if (permit == generation && state == State.HALF_OPEN) {
            trials--;
        }
    }

    /** Lets trials pass at once, for a sign of life that the failures did not expect. */
    synchronized void reconsider() {
        if (state == State.OPEN) {
            become(State.HALF_OPEN);
        }
    }

    private void open() {
        long wait =
                Math.min(
                        settings.openFor().toNanos() << Math.min(reopened, MAX_DOUBLINGS),
                        settings.openMax().toNanos());
        openUntil = nanos.getAsLong() + Math.max(wait, settings.openFor().toNanos());
        become(State.OPEN);
    }

    private void become(State next) {
        state = next;
        generation++;
        failures = 0;
        trials = 0;
    }
}
