package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoaderException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a plan can be carried out: checked before anything is fetched. */
final class PlanOrder {

    private PlanOrder() {}

    /**
     * @param running releases that the plan may be wired to without naming them as steps
     * @return the steps, each after all that it requires
     * @throws LoaderException naming the cycle, the release that is missing or the plugin that
     *     stands there twice
     */
    static List<Plan.Step> check(Plan plan, Set<Coordinate> running) {
        Map<Coordinate, Plan.Step> steps = new HashMap<>();
        Set<PluginId> plugins = new HashSet<>();
        for (Plan.Step step : plan.steps()) {
            steps.put(step.coordinate(), step);
            if (!plugins.add(step.coordinate().plugin())) {
                throw new LoaderException(
                        "invalid-plan",
                        "the plan names "
                                + step.coordinate().plugin()
                                + " twice: a load takes one release of a plugin");
            }
        }
        for (Plan.Step step : plan.steps()) {
            for (Coordinate required : step.requires()) {
                if (!steps.containsKey(required) && !running.contains(required)) {
                    throw new LoaderException(
                            "invalid-plan",
                            step.coordinate()
                                    + " is wired to "
                                    + required
                                    + ", which the plan lacks: resolve again");
                }
            }
        }
        return ordered(plan, steps);
    }

    /** Kahn's algorithm: what cannot be ordered holds a cycle. */
    private static List<Plan.Step> ordered(Plan plan, Map<Coordinate, Plan.Step> steps) {
        List<Plan.Step> ordered = new ArrayList<>();
        Map<Coordinate, Integer> open = new HashMap<>();
        Map<Coordinate, List<Plan.Step>> dependents = new HashMap<>();
        Deque<Plan.Step> ready = new ArrayDeque<>();
        for (Plan.Step step : plan.steps()) {
            int inside = 0;
            for (Coordinate required : step.requires()) {
                if (steps.containsKey(required)) {
                    inside++;
                    dependentsOf(required, dependents).add(step);
                }
            }
            open.put(step.coordinate(), inside);
            if (inside == 0) {
                ready.add(step);
            }
        }
        while (!ready.isEmpty()) {
            Plan.Step done = ready.remove();
            ordered.add(done);
            open.remove(done.coordinate());
            for (Plan.Step dependent : dependents.getOrDefault(done.coordinate(), List.of())) {
                int left = open.getOrDefault(dependent.coordinate(), 0) - 1;
                open.put(dependent.coordinate(), left);
                if (left == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (!open.isEmpty()) {
            throw new LoaderException(
                    "cycle",
                    "plugins require each other in a circle: "
                            + cycle(steps, open.keySet()).stream()
                                    .map(Coordinate::toString)
                                    .collect(Collectors.joining(" -> ")));
        }
        return ordered;
    }

    private static List<Plan.Step> dependentsOf(
            Coordinate required, Map<Coordinate, List<Plan.Step>> all) {
        List<Plan.Step> dependents = all.get(required);
        if (dependents == null) {
            dependents = new ArrayList<>();
            all.put(required, dependents);
        }
        return dependents;
    }

    /** Follows requirements inside {@code rest}, where each has one, until one comes again. */
    private static List<Coordinate> cycle(Map<Coordinate, Plan.Step> steps, Set<Coordinate> rest) {
        LinkedHashSet<Coordinate> path = new LinkedHashSet<>();
        Coordinate at = rest.stream().min(Coordinate::compareTo).orElseThrow();
        while (path.add(at)) {
            Plan.Step step = steps.get(at);
            if (step == null) {
                throw new IllegalStateException(at + " is no step");
            }
            at = step.requires().stream().filter(rest::contains).findFirst().orElseThrow();
        }
        List<Coordinate> walked = new ArrayList<>(path);
        List<Coordinate> cycle = new ArrayList<>(walked.subList(walked.indexOf(at), walked.size()));
        cycle.add(at);
        return cycle;
    }
}
