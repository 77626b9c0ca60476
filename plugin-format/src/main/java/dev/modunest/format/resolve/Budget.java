package dev.modunest.format.resolve;

/**
 * What one resolution may cost: its searches and the tries of its remedies share the steps, and
 * while they take them the asker can end all of it. Not thread-safe.
 */
final class Budget {

    /** Steps of the search with the optional ranges, of the one without, and of all remedies. */
    static final int STEPS = 2 * Solver.MAX_STEPS;

    private final Runnable check;
    private int left = STEPS;

    /**
     * A full budget.
     *
     * @param check called again and again while steps are taken; ends the resolution by throwing
     */
    Budget(Runnable check) {
        this.check = check;
    }

    /** How many of {@code wanted} steps there are. */
    int grant(int wanted) {
        return Math.min(wanted, left);
    }

    void spend(int steps) {
        left = Math.max(0, left - steps);
    }

    void look() {
        check.run();
    }
}
