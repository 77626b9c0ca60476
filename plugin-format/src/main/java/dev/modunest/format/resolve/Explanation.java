package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Resolution.Reason;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says why there is no plan: data from the facts of a conflict, then sentences. */
final class Explanation {

    /** Most releases and requirers that a sentence lists. */
    private static final int LISTED = 5;

    /** The codes in the order of how much they tell. */
    private static final List<String> ORDER =
            List.of("unknown-plugin", "no-matching-release", "host-mismatch", "range-conflict");

    private final Universe universe;

    private Explanation(Universe universe) {
        this.universe = universe;
    }

    /** The reasons of a conflict, most telling first. */
    static List<Reason> of(Universe universe, Set<Fact> facts) {
        Explanation explanation = new Explanation(universe);
        TreeMap<PluginId, List<Fact>> byTarget = new TreeMap<>();
        for (Fact fact : facts) {
            byTarget.computeIfAbsent(fact.target(), any -> new ArrayList<>()).add(fact);
        }
        List<Reason> reasons = new ArrayList<>();
        byTarget.forEach((target, about) -> explanation.explain(target, about, reasons));
        if (reasons.isEmpty()) {
            byTarget.forEach(
                    (target, about) -> reasons.add(explanation.rangeConflict(target, about)));
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

    private void explain(PluginId target, List<Fact> facts, List<Reason> reasons) {
        if (universe.releases(target).isEmpty()) {
            reasons.add(unknown(target, facts));
            return;
        }
        int before = reasons.size();
        for (Fact fact : facts) {
            List<IndexEntry> matching = matching(fact);
            if (matching.stream().allMatch(universe::isWithdrawn)) {
                reasons.add(noMatch(fact, matching));
            } else if (matching.stream()
                    .filter(entry -> !universe.isWithdrawn(entry))
                    .noneMatch(universe::runsOnHost)) {
                reasons.add(hostMismatch(fact, matching));
            }
        }
        if (reasons.size() == before && facts.size() > 1 && !haveCommonRelease(target, facts)) {
            reasons.add(rangeConflict(target, facts));
        }
    }

    private List<IndexEntry> matching(Fact fact) {
        return universe.releases(fact.target()).stream()
                .filter(entry -> universe.admits(fact.range(), entry))
                .toList();
    }

    private boolean haveCommonRelease(PluginId target, List<Fact> facts) {
        return universe.candidates(target).stream()
                .anyMatch(
                        entry ->
                                facts.stream()
                                        .allMatch(fact -> universe.admits(fact.range(), entry)));
    }

    private static Reason unknown(PluginId target, List<Fact> facts) {
        return new Reason(
                "unknown-plugin",
                target
                        + ", required by "
                        + facts.getFirst().by()
                        + ", does not exist where releases were looked for",
                "check the name, publish " + target + " first, or put its jar into the folder");
    }

    private Reason noMatch(Fact fact, List<IndexEntry> yanked) {
        boolean prereleaseMatches =
                universe.releases(fact.target()).stream()
                        .filter(entry -> !universe.isWithdrawn(entry))
                        .anyMatch(
                                entry ->
                                        fact.range()
                                                .containsIncludingPrereleases(
                                                        entry.coordinate().version()));
        String fix;
        if (!yanked.isEmpty()) {
            fix = "widen the range to a release that is not yanked, or have it unyanked";
        } else if (prereleaseMatches) {
            fix = "only pre-releases match: ask with include_prereleases, or name one in the range";
        } else {
            fix = "widen the range, or publish a release in it";
        }
        return new Reason(
                "no-matching-release",
                fact.by()
                        + " requires "
                        + fact.target()
                        + " "
                        + quoted(fact)
                        + (yanked.isEmpty()
                                ? ", which no release satisfies"
                                : ", which only yanked releases satisfy")
                        + "; there are "
                        + listed(universe.releases(fact.target())),
                fix);
    }

    private Reason hostMismatch(Fact fact, List<IndexEntry> matching) {
        IndexEntry highest = highest(matching).getFirst();
        String wants = highest.host().map(Object::toString).orElse("*");
        String host = universe.request().host().map(Object::toString).orElse("");
        return new Reason(
                "host-mismatch",
                fact.by()
                        + " requires "
                        + fact.target()
                        + " "
                        + quoted(fact)
                        + ", but none of these runs on host "
                        + host
                        + ": "
                        + listed(matching)
                        + "; the highest needs host "
                        + wants,
                "use a host in '" + wants + "', or a range with releases that run on " + host);
    }

    private Reason rangeConflict(PluginId target, List<Fact> facts) {
        String wishes =
                facts.stream()
                        .limit(LISTED)
                        .map(fact -> fact.by() + " requires " + quoted(fact))
                        .collect(Collectors.joining(", "));
        return new Reason(
                "range-conflict",
                "no release of "
                        + target
                        + " suits everyone: "
                        + wishes
                        + (facts.size() > LISTED ? ", ..." : "")
                        + "; there are "
                        + listed(universe.releases(target)),
                "change one of these ranges so that a release of " + target + " is in all of them");
    }

    private static String quoted(Fact fact) {
        return "'" + fact.range() + "'";
    }

    private static String listed(List<IndexEntry> releases) {
        String some =
                highest(releases).stream()
                        .limit(LISTED)
                        .map(
                                entry ->
                                        entry.coordinate().version()
                                                + (entry.yanked() ? " (yanked)" : ""))
                        .collect(Collectors.joining(", "));
        int more = releases.size() - LISTED;
        return more > 0 ? some + " and " + more + " lower" : some;
    }

    private static List<IndexEntry> highest(List<IndexEntry> releases) {
        return releases.stream()
                .sorted(Comparator.comparing(IndexEntry::coordinate).reversed())
                .toList();
    }
}
