package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.resolve.Plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which plugins of a plan hold up the most: the rank of a plugin is the length of the longest chain
 * of plugins that wait for it. What has the highest rank goes first (critical-path scheduling;
 * Graham, Bounds on Multiprocessing Timing Anomalies, 1969).
 */
final class CriticalPath {

    private final Map<Coordinate, Integer> ranks = new HashMap<>();
    private final List<Plan.Step> steps;

    /** Of a checked plan, in which each plugin comes after what it requires. */
    CriticalPath(List<Plan.Step> steps) {
        this.steps = steps;
        for (Plan.Step step : steps.reversed()) {
            int next = ranks.merge(step.coordinate(), 0, Math::max) + 1;
            step.requires().forEach(required -> ranks.merge(required, next, Math::max));
        }
    }

    int rankOf(Coordinate release) {
        return ranks.getOrDefault(release, 0);
    }

    /** The steps, the one that holds up the most first. */
    List<Plan.Step> mostUrgentFirst() {
        List<Plan.Step> sorted = new ArrayList<>(steps);
        sorted.sort(
                Comparator.comparingInt((Plan.Step step) -> rankOf(step.coordinate())).reversed());
        return sorted;
    }
}
