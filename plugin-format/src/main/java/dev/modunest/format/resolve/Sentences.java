package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.Resolution.Remedy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The words of an explanation. */
final class Sentences {

    /** Most releases, requirers and remedies that a sentence lists. */
    private static final int LISTED = 5;

    private final Map<PluginId, Coordinate> dependents;

    /**
     * The words for one conflict.
     *
     * @param dependents for each plugin that the request does not name, a release that requires it
     */
    Sentences(Map<PluginId, Coordinate> dependents) {
        this.dependents = dependents;
    }

    String requires(Fact fact) {
        return by(fact) + " requires " + fact.target() + " " + quoted(fact);
    }

    /** Who requires it, and through whom that came to be asked for. */
    String by(Fact fact) {
        if (fact.requirers().isEmpty()) {
            return "the request";
        }
        Coordinate first = fact.requirers().getFirst();
        int others = fact.requirers().size() - 1;
        List<String> through = through(first.plugin());
        return first
                + (others == 0
                        ? ""
                        : " (and " + others + " other release" + (others > 1 ? "s)" : ")"))
                + (through.isEmpty() ? "" : " (through " + String.join(", ", through) + ")");
    }

    /** The releases between the request and {@code plugin}, the nearest to the request first. */
    private List<String> through(PluginId plugin) {
        Set<PluginId> seen = new LinkedHashSet<>(Set.of(plugin));
        List<String> path = new ArrayList<>();
        for (Coordinate dependent = dependents.get(plugin);
                dependent != null && seen.add(dependent.plugin());
                dependent = dependents.get(dependent.plugin())) {
            path.addFirst(dependent.toString());
        }
        return path;
    }

    String conflict(PluginId target, List<Fact> about, List<IndexEntry> releases) {
        String wishes =
                about.stream()
                        .limit(LISTED)
                        .map(fact -> by(fact) + " requires " + quoted(fact))
                        .collect(Collectors.joining(", "));
        return "no release of "
                + target
                + " suits everyone: "
                + wishes
                + (about.size() > LISTED ? ", ..." : "")
                + "; there are "
                + listed(releases);
    }

    /** Whose range of {@code target} is to change into what. */
    String widening(PluginId target, List<Fact> about, Universe universe) {
        List<IndexEntry> usable = universe.candidates(target).releases;
        if (usable.isEmpty()) {
            return "publish a release of " + target;
        }
        IndexEntry common =
                usable.stream()
                        .max(
                                Comparator.comparingLong(
                                                (IndexEntry entry) ->
                                                        admitting(about, entry, universe))
                                        .thenComparing(
                                                entry ->
                                                        !entry.coordinate()
                                                                .version()
                                                                .isPrerelease())
                                        .thenComparing(IndexEntry::coordinate))
                        .orElseThrow();
        Version version = common.coordinate().version();
        return about.stream()
                .filter(fact -> !universe.admits(fact.range(), common))
                .limit(LISTED)
                .map(fact -> widen(fact, version))
                .collect(
                        Collectors.collectingAndThen(
                                Collectors.joining(" and "),
                                changes ->
                                        changes.isEmpty()
                                                ? "change one of these ranges so that a release of "
                                                        + target
                                                        + " is in all of them"
                                                : changes));
    }

    private static long admitting(List<Fact> about, IndexEntry entry, Universe universe) {
        return about.stream().filter(fact -> universe.admits(fact.range(), entry)).count();
    }

    private String widen(Fact fact, Version version) {
        String range = "'" + fact.range() + " || ^" + version + "'";
        return fact.requirers().isEmpty()
                ? "ask for " + fact.target() + " " + range
                : "have the publisher of "
                        + fact.requirers().getFirst().plugin()
                        + " publish a release that requires "
                        + fact.target()
                        + " "
                        + range;
    }

    static String fix(List<Remedy> remedies, String otherwise) {
        List<String> ways = new ArrayList<>();
        remedies.stream().limit(LISTED).map(Sentences::way).forEach(ways::add);
        ways.add(otherwise);
        return String.join("; or ", ways);
    }

    private static String way(Remedy remedy) {
        return switch (remedy) {
            case Remedy.AllowPrereleases(var fits) ->
                    "allow pre-releases with include_prereleases: " + fits + " would fit";
            case Remedy.Wait(var fits, var oldEnough) ->
                    "lower min_age or wait: "
                            + fits
                            + " would fit, it is old enough at "
                            + oldEnough;
            case Remedy.OtherHost(var fits, var host) ->
                    "use a host in '" + host + "': " + fits + " would fit";
            case Remedy.OtherRange(var plugin, var from, var to) ->
                    "ask for " + plugin + " '" + to + "' instead of '" + from + "'";
            case Remedy.LeaveOut(var plugin) -> "leave out " + plugin;
        };
    }

    private static String quoted(Fact fact) {
        return "'" + fact.range() + "'";
    }

    static String listed(List<IndexEntry> releases) {
        return listed(
                releases,
                entry -> {
                    String version = entry.coordinate().version().toString();
                    return entry.status().state() == ReleaseStatus.State.LIVE
                            ? version
                            : version + " (" + entry.status().word() + ")";
                });
    }

    static String listedWithTime(List<IndexEntry> releases) {
        return listed(
                releases,
                entry ->
                        entry.coordinate().version()
                                + entry.publishedAt()
                                        .map(at -> " (published " + at + ")")
                                        .orElse(" (of unknown age)"));
    }

    private static String listed(List<IndexEntry> releases, Function<IndexEntry, String> one) {
        String some =
                highest(releases).stream().limit(LISTED).map(one).collect(Collectors.joining(", "));
        int more = releases.size() - LISTED;
        return more > 0 ? some + " and " + more + " lower" : some;
    }

    static List<IndexEntry> highest(List<IndexEntry> releases) {
        return releases.stream()
                .sorted(Comparator.comparing(IndexEntry::coordinate).reversed())
                .toList();
    }
}
