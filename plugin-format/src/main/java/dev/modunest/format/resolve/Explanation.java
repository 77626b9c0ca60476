package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Resolution.Reason;
import dev.modunest.format.resolve.Resolution.Remedy;
import dev.modunest.format.resolve.Universe.Verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says why there is no plan: data from the facts of a conflict, then sentences. */
final class Explanation {

    /** The codes in the order of how much they tell. */
    private static final List<String> ORDER =
            List.of(
                    "unknown-plugin",
                    "no-matching-release",
                    "host-mismatch",
                    "release-too-young",
                    "range-conflict");

    private final Universe universe;
    private final Remedies remedies;
    private final Set<Fact> facts;
    private final Sentences sentences;

    /** Whether each fact alone is a conflict. */
    private final boolean independent;

    private Explanation(Universe universe, Set<Fact> facts, Remedies remedies) {
        this.universe = universe;
        this.remedies = remedies;
        this.facts = facts;
        this.independent = facts.stream().allMatch(fact -> fact.requirers().isEmpty());
        this.sentences = new Sentences(dependents(facts));
    }

    /** For each plugin the release that requires it, as far as the facts tell. */
    private static Map<PluginId, Coordinate> dependents(Set<Fact> facts) {
        Set<PluginId> asked = new LinkedHashSet<>();
        Map<PluginId, Coordinate> dependents = new HashMap<>();
        for (Fact fact : facts) {
            if (fact.requirers().isEmpty()) {
                asked.add(fact.target());
            } else {
                dependents.putIfAbsent(fact.target(), fact.requirers().getFirst());
            }
        }
        dependents.keySet().removeAll(asked);
        return dependents;
    }

    /** The reasons of a conflict, most telling first. */
    static List<Reason> of(Universe universe, Set<Fact> facts, Remedies remedies) {
        return new Explanation(universe, facts, remedies).reasons();
    }

    private List<Reason> reasons() {
        TreeMap<PluginId, List<Fact>> byTarget = new TreeMap<>();
        for (Fact fact : facts) {
            byTarget.computeIfAbsent(fact.target(), any -> new ArrayList<>()).add(fact);
        }
        List<Reason> reasons = new ArrayList<>();
        byTarget.forEach((target, about) -> explain(target, about, reasons));
        if (reasons.isEmpty()) {
            byTarget.forEach((target, about) -> reasons.add(rangeConflict(target, about)));
        }
        reasons.sort(Comparator.comparingInt(reason -> ORDER.indexOf(reason.code())));
        return reasons;
    }

    static Reason ofCycle(List<Coordinate> circle) {
        String path = circle.stream().map(Coordinate::toString).collect(Collectors.joining(" -> "));
        return new Reason(
                "cycle",
                "these releases require each other in a circle: "
                        + path
                        + " -> "
                        + circle.getFirst(),
                "move what they share into a library that both require, or make one of the"
                        + " dependencies optional");
    }

    static Reason ofTooComplex(String what) {
        return new Reason(
                "too-complex", what, "ask for fewer plugins at once, or for narrower ranges");
    }

    private void explain(PluginId target, List<Fact> about, List<Reason> reasons) {
        if (universe.releases(target).isEmpty()) {
            reasons.add(
                    reason(
                            target,
                            "unknown-plugin",
                            target
                                    + ", required by "
                                    + sentences.by(about.getFirst())
                                    + ", does not exist where releases were looked for",
                            "check the name, publish "
                                    + target
                                    + " first, or put its jar into the folder"));
            return;
        }
        int before = reasons.size();
        for (Fact fact : about) {
            hopeless(fact).ifPresent(reasons::add);
        }
        if (reasons.size() == before && about.size() > 1 && !haveCommonRelease(target, about)) {
            reasons.add(rangeConflict(target, about));
        }
    }

    /** Why no release in the range of {@code fact} may be chosen, if that is so. */
    private Optional<Reason> hopeless(Fact fact) {
        List<IndexEntry> matching = matching(fact);
        Set<Verdict> verdicts = new TreeSet<>();
        matching.forEach(entry -> verdicts.add(universe.verdict(entry)));
        if (verdicts.contains(Verdict.USABLE)) {
            return Optional.empty();
        }
        if (verdicts.contains(Verdict.TOO_YOUNG)) {
            return Optional.of(tooYoung(fact, with(Verdict.TOO_YOUNG, matching)));
        }
        if (verdicts.contains(Verdict.OTHER_HOST)) {
            return Optional.of(hostMismatch(fact, with(Verdict.OTHER_HOST, matching)));
        }
        return Optional.of(noMatch(fact, matching));
    }

    private List<IndexEntry> with(Verdict verdict, List<IndexEntry> releases) {
        return releases.stream().filter(entry -> universe.verdict(entry) == verdict).toList();
    }

    private List<IndexEntry> matching(Fact fact) {
        return universe.releases(fact.target()).stream()
                .filter(entry -> universe.admits(fact.range(), entry))
                .toList();
    }

    private boolean haveCommonRelease(PluginId target, List<Fact> about) {
        return universe.candidates(target).releases.stream()
                .anyMatch(
                        entry ->
                                about.stream()
                                        .allMatch(fact -> universe.admits(fact.range(), entry)));
    }

    private Reason noMatch(Fact fact, List<IndexEntry> withdrawn) {
        List<IndexEntry> all = universe.releases(fact.target());
        boolean prereleaseMatches =
                all.stream()
                        .filter(entry -> universe.verdict(entry) != Verdict.WITHDRAWN)
                        .anyMatch(
                                entry ->
                                        fact.range()
                                                .containsIncludingPrereleases(
                                                        entry.coordinate().version()));
        String states =
                withdrawn.stream()
                        .map(entry -> entry.status().word())
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(" or "));
        String fix;
        if (withdrawn.stream().anyMatch(IndexEntry::yanked)) {
            fix = "widen the range to a release that is not yanked, or have it unyanked";
        } else if (!withdrawn.isEmpty()) {
            fix = "widen the range to a release that is not " + states;
        } else if (prereleaseMatches) {
            fix = "only pre-releases match: ask with include_prereleases, or name one in the range";
        } else {
            fix = "widen the range, or publish a release in it";
        }
        return reason(
                fact.target(),
                "no-matching-release",
                sentences.requires(fact)
                        + (withdrawn.isEmpty()
                                ? ", which no release satisfies"
                                : ", which only " + states + " releases satisfy")
                        + "; there are "
                        + Sentences.listed(all),
                fix);
    }

    private Reason hostMismatch(Fact fact, List<IndexEntry> matching) {
        String wants =
                Sentences.highest(matching).getFirst().host().map(Object::toString).orElse("*");
        String host = universe.request().host().map(Object::toString).orElse("");
        return reason(
                fact.target(),
                "host-mismatch",
                sentences.requires(fact)
                        + ", but none of these runs on host "
                        + host
                        + ": "
                        + Sentences.listed(matching)
                        + "; the highest needs host "
                        + wants,
                "use a host in '" + wants + "', or a range with releases that run on " + host);
    }

    private Reason tooYoung(Fact fact, List<IndexEntry> matching) {
        String age =
                universe.request()
                        .policy()
                        .minimumAge()
                        .map(one -> one.age().toString())
                        .orElse("");
        return reason(
                fact.target(),
                "release-too-young",
                sentences.requires(fact)
                        + ", but these are younger than "
                        + age
                        + ": "
                        + Sentences.listedWithTime(matching),
                "lower min_age, wait, or have the release installed or locked");
    }

    private Reason rangeConflict(PluginId target, List<Fact> about) {
        return reason(
                target,
                "range-conflict",
                sentences.conflict(target, about, universe.releases(target)),
                sentences.widening(target, about, universe));
    }

    /** A reason with the remedies of the conflict that it belongs to. */
    private Reason reason(PluginId target, String code, String detail, String otherwise) {
        Set<PluginId> involved = new TreeSet<>();
        if (independent) {
            involved.add(target);
        } else {
            facts.stream()
                    .filter(fact -> fact.requirers().isEmpty())
                    .forEach(fact -> involved.add(fact.target()));
        }
        List<Remedy> found = remedies.find(involved);
        return new Reason(code, detail, Sentences.fix(found, otherwise), found);
    }
}
