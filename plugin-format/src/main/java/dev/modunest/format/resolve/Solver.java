package dev.modunest.format.resolve;

import dev.modunest.format.Dependency;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses one release for every required plugin, after PubGrub (Natalie Weizenbaum, 2018): unit
 * propagation over incompatibilities, and a new incompatibility learned from every conflict, so
 * that no dead end is met twice. Plugins are decided in the order in which they are first required,
 * each with its most preferred release that is still possible: no other plan is preferred at the
 * first plugin where the two differ. Used once.
 */
final class Solver {

    /** How many incompatibilities are looked at before the search is given up. */
    static final int MAX_STEPS = 5_000_000;

    /** One narrowing of what may be chosen; the cause is null when it was decided. */
    private record Narrowing(
            int plugin,
            ReleaseSet before,
            ReleaseSet after,
            int level,
            @Nullable Incompatibility cause) {}

    /** How the search ended. */
    sealed interface Outcome {
        record Chosen(List<IndexEntry> releases) implements Outcome {}

        record Impossible(Set<Fact> why) implements Outcome {}

        record GivenUp() implements Outcome {}
    }

    private final Choices choices;
    private final ReleaseSet[] possible;
    private final List<List<Incompatibility>> naming = new ArrayList<>();
    private final List<Narrowing> trail = new ArrayList<>();
    private final Deque<Integer> changed = new ArrayDeque<>();

    /** The plugins to decide; one is decided at each level. */
    private final List<Integer> required = new ArrayList<>();

    /** How many plugins were required after each level. */
    private final List<Integer> requiredAfter = new ArrayList<>();

    private final boolean[] isRequired;
    private int steps;

    Solver(Choices choices) {
        this.choices = choices;
        this.possible = new ReleaseSet[choices.plugins()];
        this.isRequired = new boolean[choices.plugins()];
        for (int plugin = 0; plugin < possible.length; plugin++) {
            possible[plugin] = choices.every(plugin);
            naming.add(new ArrayList<>());
        }
    }

    Outcome solve(List<Requirement> requirements) {
        Set<Fact> hopeless = new LinkedHashSet<>();
        for (Incompatibility incompatibility : choices.incompatibilities()) {
            if (incompatibility.plugins.length == 0) {
                hopeless.addAll(incompatibility.facts());
            }
            watch(incompatibility);
        }
        return hopeless.isEmpty() ? search(requirements) : new Outcome.Impossible(hopeless);
    }

    private Outcome search(List<Requirement> requirements) {
        requirements.stream()
                .map(Requirement::plugin)
                .sorted()
                .forEach(plugin -> require(choices.number(plugin)));
        requiredAfter.add(required.size());
        for (int plugin = 0; plugin < possible.length; plugin++) {
            changed.add(plugin);
        }
        while (true) {
            Incompatibility conflict = propagate();
            if (steps > MAX_STEPS) {
                return new Outcome.GivenUp();
            }
            if (conflict != null) {
                Incompatibility learned = learn(conflict);
                if (learned.plugins.length == 0) {
                    return new Outcome.Impossible(learned.facts());
                }
            } else if (level() == required.size()) {
                return new Outcome.Chosen(chosen());
            } else {
                decide(required.get(level()));
            }
        }
    }

    private int level() {
        return requiredAfter.size() - 1;
    }

    private void watch(Incompatibility incompatibility) {
        for (int plugin : incompatibility.plugins) {
            naming.get(plugin).add(incompatibility);
        }
    }

    private void require(int plugin) {
        if (!isRequired[plugin]) {
            isRequired[plugin] = true;
            required.add(plugin);
        }
    }

    private void decide(int plugin) {
        int choice = possible[plugin].next(1);
        int level = level() + 1;
        narrow(plugin, ReleaseSet.none(choices.size(plugin)).with(choice), level, null);
        choices.release(plugin, choice).requires().stream()
                .filter(dependency -> !dependency.optional())
                .map(Dependency::plugin)
                .sorted()
                .forEach(target -> require(choices.number(target)));
        requiredAfter.add(required.size());
    }

    private void narrow(int plugin, ReleaseSet after, int level, @Nullable Incompatibility cause) {
        trail.add(new Narrowing(plugin, possible[plugin], after, level, cause));
        possible[plugin] = after;
        changed.add(plugin);
    }

    /** Draws every conclusion; what is violated, or null when nothing is. */
    private @Nullable Incompatibility propagate() {
        while (!changed.isEmpty()) {
            int plugin = changed.remove();
            List<Incompatibility> named = naming.get(plugin);
            for (int i = named.size() - 1; i >= 0; i--) {
                if (++steps > MAX_STEPS) {
                    return null;
                }
                if (isViolated(named.get(i))) {
                    changed.clear();
                    return named.get(i);
                }
            }
        }
        return null;
    }

    /** Whether all terms hold; when all but one do, that one is ruled out. */
    private boolean isViolated(Incompatibility incompatibility) {
        int open = -1;
        for (int i = 0; i < incompatibility.plugins.length; i++) {
            ReleaseSet left = possible[incompatibility.plugins[i]];
            ReleaseSet term = incompatibility.sets[i];
            if (left.isWithin(term)) {
                continue;
            }
            if (open >= 0 || !left.meets(term)) {
                return false;
            }
            open = i;
        }
        if (open < 0) {
            return true;
        }
        int plugin = incompatibility.plugins[open];
        narrow(
                plugin,
                possible[plugin].minus(incompatibility.sets[open]),
                level(),
                incompatibility);
        return false;
    }

    /**
     * Derives from {@code conflict} what was wrong before the last decision that matters, and goes
     * back to before it. The result has no terms when no decision matters.
     */
    private Incompatibility learn(Incompatibility conflict) {
        Incompatibility learned = conflict;
        while (learned.plugins.length > 0) {
            int last = -1;
            int secondLevel = 0;
            for (int i = 0; i < learned.plugins.length; i++) {
                int at = since(learned.plugins[i], learned.sets[i]);
                int earlier = Math.min(last, at);
                last = Math.max(last, at);
                if (earlier >= 0) {
                    secondLevel = Math.max(secondLevel, trail.get(earlier).level());
                }
            }
            Narrowing satisfier = trail.get(last);
            Incompatibility cause = satisfier.cause();
            if (cause == null || secondLevel < satisfier.level()) {
                backTo(secondLevel);
                watch(learned);
                Arrays.stream(learned.plugins).forEach(changed::add);
                return learned;
            }
            steps += learned.plugins.length;
            int pivot = satisfier.plugin();
            learned = learned.resolve(cause, pivot, choices.every(pivot));
        }
        return learned;
    }

    /** Since which entry of the trail {@code plugin} is within {@code set}. */
    private int since(int plugin, ReleaseSet set) {
        for (int i = trail.size() - 1; i >= 0; i--) {
            Narrowing narrowing = trail.get(i);
            if (narrowing.plugin() == plugin && !narrowing.before().isWithin(set)) {
                return i;
            }
        }
        throw new IllegalStateException("a term of a conflict holds since some narrowing");
    }

    private void backTo(int level) {
        while (!trail.isEmpty() && trail.getLast().level() > level) {
            Narrowing undone = trail.removeLast();
            possible[undone.plugin()] = undone.before();
        }
        while (level() > level) {
            requiredAfter.removeLast();
        }
        while (required.size() > requiredAfter.getLast()) {
            isRequired[required.removeLast()] = false;
        }
    }

    private List<IndexEntry> chosen() {
        return required.stream()
                .map(plugin -> choices.release(plugin, possible[plugin].next(1)))
                .toList();
    }
}
