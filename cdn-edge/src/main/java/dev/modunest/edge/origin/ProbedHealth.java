package dev.modunest.edge.origin;

/** What the probes of one server say of it: up until they say otherwise. Thread-safe. */
final class ProbedHealth {

    private final int rise;
    private final int fall;
    private volatile boolean up = true;
    private int against;

    ProbedHealth(ProbeSettings settings) {
        this.rise = settings.rise();
        this.fall = settings.fall();
    }

    boolean isUp() {
        return up;
    }

    /** Takes the result of a probe; gives whether it has changed the state. */
    synchronized boolean probed(boolean good) {
        if (good == up) {
            against = 0;
            return false;
        }
        against++;
        if (against < (up ? fall : rise)) {
            return false;
        }
        up = good;
        against = 0;
        return true;
    }
}
