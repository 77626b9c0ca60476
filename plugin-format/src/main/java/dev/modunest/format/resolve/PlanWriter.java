package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Orders chosen releases so that each comes after what it is wired to; among those that may come
 * next the one with the lowest id does. An optional dependency that would close a circle is not
 * wired. Releases are numbered in the order of their ids. Used once.
 */
final class PlanWriter {

    private static final String ARTIFACTS = "/artifacts/sha256/";

    private final Universe universe;
    private final List<IndexEntry> chosen;
    private final Map<PluginId, Integer> numbers = new HashMap<>();

    /**
     * For each release the numbers of what it requires, and of that and what it may be wired to.
     */
    private final int[][] required;

    private final int[][] wired;
    private final List<List<Integer>> dependents = new ArrayList<>();

    PlanWriter(Universe universe, List<IndexEntry> releases) {
        this.universe = universe;
        this.chosen =
                releases.stream().sorted(Comparator.comparing(IndexEntry::coordinate)).toList();
        for (IndexEntry entry : chosen) {
            numbers.put(entry.coordinate().plugin(), numbers.size());
            dependents.add(new ArrayList<>());
        }
        this.required = new int[chosen.size()][];
        this.wired = new int[chosen.size()][];
        for (int release = 0; release < chosen.size(); release++) {
            required[release] = targets(release, false);
            wired[release] = targets(release, true);
            for (int target : wired[release]) {
                dependents.get(target).add(release);
            }
        }
    }

    private int[] targets(int release, boolean withOptional) {
        BitSet targets = new BitSet();
        for (Dependency dependency : chosen.get(release).requires()) {
            Integer target = numbers.get(dependency.plugin());
            if (target == null) {
                continue;
            }
            boolean wanted =
                    (!dependency.optional() || (withOptional && target != release))
                            && universe.admits(dependency.range(), chosen.get(target));
            if (wanted) {
                targets.set(target);
            }
        }
        return targets.stream().toArray();
    }

    /** The plan; a conflict when releases require each other in a circle. */
    Resolution write() {
        List<Integer> cycle = cycle();
        if (!cycle.isEmpty()) {
            return new Resolution.Conflict(
                    List.of(
                            Explanation.ofCycle(
                                    cycle.stream()
                                            .map(release -> chosen.get(release).coordinate())
                                            .toList())));
        }
        int[] open = counts(wired);
        BitSet done = new BitSet();
        PriorityQueue<Integer> ready = free(open);
        List<Plan.Step> steps = new ArrayList<>(chosen.size());
        while (steps.size() < chosen.size()) {
            Integer next = ready.poll();
            int release = next != null ? next : breakOptionalCircle(done);
            if (done.get(release)) {
                continue;
            }
            done.set(release);
            steps.add(step(release, done));
            for (int dependent : dependents.get(release)) {
                if (--open[dependent] == 0) {
                    ready.add(dependent);
                }
            }
        }
        return new Resolution.Resolved(new Plan(steps));
    }

    private static int[] counts(int[][] targets) {
        return Arrays.stream(targets).mapToInt(one -> one.length).toArray();
    }

    private static PriorityQueue<Integer> free(int[] open) {
        PriorityQueue<Integer> free = new PriorityQueue<>();
        for (int release = 0; release < open.length; release++) {
            if (open[release] == 0) {
                free.add(release);
            }
        }
        return free;
    }

    /** The lowest plugin that only waits for optional dependencies. */
    private int breakOptionalCircle(BitSet done) {
        for (int release = 0; release < required.length; release++) {
            if (!done.get(release) && Arrays.stream(required[release]).allMatch(done::get)) {
                return release;
            }
        }
        throw new IllegalStateException("required cycles were excluded");
    }

    private Plan.Step step(int release, BitSet done) {
        IndexEntry entry = chosen.get(release);
        List<Coordinate> wires = new ArrayList<>();
        for (int target : wired[release]) {
            if (target != release && done.get(target)) {
                wires.add(chosen.get(target).coordinate());
            }
        }
        return new Plan.Step(
                entry.coordinate(),
                entry.digest(),
                entry.size(),
                ARTIFACTS + entry.digest().hex(),
                wires);
    }

    /** A circle of required dependencies, from its lowest plugin on; empty when there is none. */
    private List<Integer> cycle() {
        int[] open = counts(required);
        PriorityQueue<Integer> free = free(open);
        BitSet left = new BitSet();
        left.set(0, open.length);
        for (Integer next = free.poll(); next != null; next = free.poll()) {
            left.clear(next);
            for (int dependent : dependents.get(next)) {
                boolean requires = Arrays.binarySearch(required[dependent], next) >= 0;
                if (requires && --open[dependent] == 0) {
                    free.add(dependent);
                }
            }
        }
        return left.isEmpty() ? List.of() : walk(left);
    }

    /** Everything in {@code left} leads to something in it, so that a walk comes back. */
    private List<Integer> walk(BitSet left) {
        List<Integer> path = new ArrayList<>();
        BitSet seen = new BitSet();
        int at = left.nextSetBit(0);
        while (!seen.get(at)) {
            seen.set(at);
            path.add(at);
            at = Arrays.stream(required[at]).filter(left::get).findFirst().orElseThrow();
        }
        List<Integer> circle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        Collections.rotate(circle, -circle.indexOf(Collections.min(circle)));
        return circle;
    }
}
