package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.resolve.Plan;

import java.util.ArrayList;
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
        for (int i = steps.size() - 1; i >= 0; i--) {
            Plan.Step step = steps.get(i);
            int next = rankOf(step.coordinate()) + 1;
            for (Coordinate required : step.requires()) {
                if (rankOf(required) < next) {
                    ranks.put(required, next);
                }
            }
        }
    }

    int rankOf(Coordinate release) {
        Integer rank = ranks.get(release);
        return rank == null ? 0 : rank;
    }

    /** The steps, the one that holds up the most first. */
    List<Plan.Step> mostUrgentFirst() {
        List<List<Plan.Step>> byRank = new ArrayList<>();
        for (Plan.Step step : steps) {
            int rank = rankOf(step.coordinate());
            while (byRank.size() <= rank) {
                byRank.add(new ArrayList<>());
            }
            byRank.get(rank).add(step);
        }
        List<Plan.Step> sorted = new ArrayList<>(steps.size());
        for (int rank = byRank.size() - 1; rank >= 0; rank--) {
            sorted.addAll(byRank.get(rank));
        }
        return sorted;
    }
}
