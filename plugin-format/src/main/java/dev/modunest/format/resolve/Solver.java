package dev.modunest.format.resolve;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Chooses one release for every required plugin, after PubGrub (Natalie Weizenbaum, 2018): unit
 * propagation over incompatibilities, and a new incompatibility learned from every conflict, so
 * that no dead end is met twice. Plugins are decided in the order in which they are first required,
 * each with its most preferred release that is still possible: no other plan is preferred at the
 * first plugin where the two differ. After a conflict only the last decision that led to it is
 * taken back (chronological backtracking, Nadel and Ryvchin, 2018), so that little is decided
 * again. Used once.
 */
final class Solver {

    /** How many incompatibilities are looked at before the search is given up. */
    static final int MAX_STEPS = 5_000_000;

    /** After so many the budget is looked at: some hundred times a second. */
    private static final int STEPS_BETWEEN_LOOKS = 16_384;

    /**
     * One narrowing of what may be chosen; the cause is null when it was decided.
     *
     * @param former the narrowing of the same plugin before this one, -1 when there is none
     */
    private record Narrowing(
            PluginChoices plugin,
            ReleaseSet before,
            int former,
            int level,
            @Nullable Incompatibility cause) {}

    /** How the search ended. */
    sealed interface Outcome {
        record Chosen(List<IndexEntry> releases) implements Outcome {}

        record Impossible(Set<Fact> why) implements Outcome {}

        record GivenUp() implements Outcome {}
    }

    private final Search search;
    private final List<Narrowing> trail = new ArrayList<>();
    private final Deque<PluginChoices> changed = new ArrayDeque<>();

    /** The plugins to decide; one is decided at each level. */
    private final List<PluginChoices> required = new ArrayList<>();

    /** How many plugins were required after each level. */
    private final List<Integer> requiredAfter = new ArrayList<>();

    private final Budget budget;
    private final int maxSteps;
    private int steps;

    /** At which step the next look is due; there is one comparison for it and the last step. */
    private int nextLook;

    Solver(Universe universe, boolean withOptional, int maxSteps, Budget budget) {
        this.budget = budget;
        this.maxSteps = budget.grant(maxSteps);
        this.nextLook = Math.min(this.maxSteps, STEPS_BETWEEN_LOOKS);
        this.search = new Search(universe, withOptional, changed::add);
    }

    Outcome solve(List<Requirement> requirements) {
        try {
            return search(requirements);
        } finally {
            budget.spend(steps);
        }
    }

    private Outcome search(List<Requirement> requirements) {
        Set<Fact> hopeless = search.state(requirements);
        if (!hopeless.isEmpty()) {
            return new Outcome.Impossible(hopeless);
        }
        requirements.stream()
                .map(Requirement::plugin)
                .sorted()
                .forEach(plugin -> require(search.plugin(plugin)));
        requiredAfter.add(required.size());
        while (true) {
            Incompatibility conflict = propagate();
            if (steps > maxSteps) {
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

    private void require(PluginChoices plugin) {
        if (!plugin.isRequired) {
            plugin.isRequired = true;
            required.add(plugin);
        }
    }

    private void decide(PluginChoices plugin) {
        int choice = plugin.possible.next(1);
        narrow(plugin, plugin.only(choice), level() + 1, null);
        for (PluginChoices target : search.required(plugin, choice)) {
            require(target);
        }
        requiredAfter.add(required.size());
    }

    private void narrow(
            PluginChoices plugin, ReleaseSet after, int level, @Nullable Incompatibility cause) {
        trail.add(new Narrowing(plugin, plugin.possible, plugin.lastNarrowing, level, cause));
        plugin.lastNarrowing = trail.size() - 1;
        plugin.possible = after;
        changed.add(plugin);
    }

    /** Draws every conclusion; what is violated, or null when nothing is. */
    private @Nullable Incompatibility propagate() {
        while (!changed.isEmpty()) {
            List<Incompatibility> named = changed.remove().naming;
            for (int i = named.size() - 1; i >= 0; i--) {
                if (++steps > nextLook && isGivenUp()) {
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

    private boolean isGivenUp() {
        budget.look();
        nextLook = Math.min(maxSteps, steps + STEPS_BETWEEN_LOOKS);
        return steps > maxSteps;
    }

    /** Whether all terms hold; when all but one do, that one is ruled out. */
    private boolean isViolated(Incompatibility incompatibility) {
        int open = -1;
        for (int i = 0; i < incompatibility.plugins.length; i++) {
            ReleaseSet left = incompatibility.plugins[i].possible;
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
        PluginChoices plugin = incompatibility.plugins[open];
        narrow(plugin, plugin.possible.minus(incompatibility.sets[open]), level(), incompatibility);
        return false;
    }

    /**
     * Derives from {@code conflict} what was wrong before the last decision that matters, and takes
     * that decision back. The result has no terms when no decision matters.
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
                backTo(satisfier.level() - 1);
                if (learned != conflict) {
                    search.watch(learned);
                }
                for (PluginChoices plugin : learned.plugins) {
                    changed.add(plugin);
                }
                return learned;
            }
            steps += learned.plugins.length;
            learned = learned.resolve(cause, satisfier.plugin());
        }
        return learned;
    }

    /** Since which entry of the trail {@code plugin} is within {@code set}. */
    private int since(PluginChoices plugin, ReleaseSet set) {
        for (int i = plugin.lastNarrowing; i >= 0; i = trail.get(i).former()) {
            if (!trail.get(i).before().isWithin(set)) {
                return i;
            }
        }
        throw new IllegalStateException("a term of a conflict holds since some narrowing");
    }

    private void backTo(int level) {
        while (!trail.isEmpty() && trail.getLast().level() > level) {
            Narrowing undone = trail.removeLast();
            undone.plugin().possible = undone.before();
            undone.plugin().lastNarrowing = undone.former();
        }
        while (level() > level) {
            requiredAfter.removeLast();
        }
        while (required.size() > requiredAfter.getLast()) {
            required.removeLast().isRequired = false;
        }
    }

    private List<IndexEntry> chosen() {
        return required.stream()
                .map(plugin -> plugin.candidates.release(plugin.possible.next(1)))
                .toList();
    }
}
