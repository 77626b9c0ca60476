package dev.modunest.format.resolve;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Choices that cannot all be made together: for each of {@code plugins} one out of the set beside
 * it. Either a fact or derived from two others.
 */
final class Incompatibility {

    final PluginChoices[] plugins;
    final ReleaseSet[] sets;

    /** Null when derived. */
    private final @Nullable Fact fact;

    private final List<Incompatibility> causes;

    private Incompatibility(
            PluginChoices[] plugins,
            ReleaseSet[] sets,
            @Nullable Fact fact,
            List<Incompatibility> causes) {
        this.plugins = plugins;
        this.sets = sets;
        this.fact = fact;
        this.causes = causes;
    }

    /** A fact that cannot be met whatever is chosen. */
    static Incompatibility always(Fact fact) {
        return new Incompatibility(new PluginChoices[0], new ReleaseSet[0], fact, List.of());
    }

    static Incompatibility of(Fact fact, PluginChoices plugin, ReleaseSet set) {
        return new Incompatibility(
                new PluginChoices[] {plugin}, new ReleaseSet[] {set}, fact, List.of());
    }

    static Incompatibility of(
            Fact fact,
            PluginChoices requirer,
            ReleaseSet requirers,
            PluginChoices target,
            ReleaseSet refused) {
        return new Incompatibility(
                new PluginChoices[] {requirer, target},
                new ReleaseSet[] {requirers, refused},
                fact,
                List.of());
    }

    /**
     * What follows from this and {@code other} whatever is chosen for {@code pivot}: on the pivot
     * the sets are joined, on every other plugin intersected.
     */
    Incompatibility resolve(Incompatibility other, PluginChoices pivot) {
        List<PluginChoices> merged = new ArrayList<>(plugins.length + other.plugins.length);
        List<ReleaseSet> mergedSets = new ArrayList<>(plugins.length + other.plugins.length);
        for (int i = 0; i < plugins.length; i++) {
            int at = other.indexOf(plugins[i]);
            ReleaseSet set = sets[i];
            if (plugins[i] == pivot) {
                set = set.or(other.sets[at]);
                if (pivot.candidates.every.isWithin(set)) {
                    continue;
                }
            } else if (at >= 0) {
                set = set.and(other.sets[at]);
            }
            merged.add(plugins[i]);
            mergedSets.add(set);
        }
        for (int i = 0; i < other.plugins.length; i++) {
            if (indexOf(other.plugins[i]) < 0) {
                merged.add(other.plugins[i]);
                mergedSets.add(other.sets[i]);
            }
        }
        return new Incompatibility(
                merged.toArray(PluginChoices[]::new),
                mergedSets.toArray(ReleaseSet[]::new),
                null,
                List.of(this, other));
    }

    private int indexOf(PluginChoices plugin) {
        for (int i = 0; i < plugins.length; i++) {
            if (plugins[i] == plugin) {
                return i;
            }
        }
        return -1;
    }

    /** The facts that this was derived from. */
    Set<Fact> facts() {
        Set<Fact> facts = new LinkedHashSet<>();
        Set<Incompatibility> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Incompatibility> open = new ArrayDeque<>();
        open.push(this);
        while (!open.isEmpty()) {
            Incompatibility next = open.pop();
            if (seen.add(next)) {
                if (next.fact != null) {
                    facts.add(next.fact);
                }
                next.causes.forEach(open::push);
            }
        }
        return facts;
    }
}
