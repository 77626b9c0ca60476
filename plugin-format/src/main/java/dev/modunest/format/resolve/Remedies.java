package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.Resolution.Remedy;
import dev.modunest.format.resolve.ResolvePolicy.MinimumAge;
import dev.modunest.format.resolve.Universe.Verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds changes of a request that make a plan possible, by trying them on the requirements that
 * take part in a conflict. Used by one resolution.
 */
final class Remedies {

    /** Incompatibilities that one try may look at. */
    private static final int MAX_STEPS = 200_000;

    /** Most requirements of which something is tried. */
    private static final int MAX_RANGES = 8;

    private final ResolveRequest request;
    private final KnownReleases known;
    private final Budget budget;

    Remedies(ResolveRequest request, KnownReleases known, Budget budget) {
        this.request = request;
        this.known = known;
        this.budget = budget;
    }

    /** The remedies for those requirements of the request that name one of {@code plugins}. */
    List<Remedy> find(Set<PluginId> plugins) {
        ResolveRequest part =
                request.withRequirements(
                        request.requirements().stream()
                                .filter(requirement -> plugins.contains(requirement.plugin()))
                                .toList());
        List<Remedy> remedies = new ArrayList<>();
        try {
            policy(part, remedies);
            ranges(part, remedies);
            if (remedies.isEmpty()) {
                without(part, remedies);
            }
        } catch (KnownReleases.TooManyPlugins reached) {
            // What was found until then stands.
        }
        return remedies;
    }

    private void policy(ResolveRequest part, List<Remedy> remedies) {
        ResolvePolicy policy = part.policy();
        if (!policy.includePrereleases()) {
            ResolvePolicy with = new ResolvePolicy(true, policy.minimumAge(), policy.preference());
            plan(part.withPolicy(with)).stream()
                    .filter(entry -> entry.coordinate().version().isPrerelease())
                    .findFirst()
                    .map(entry -> new Remedy.AllowPrereleases(entry.coordinate()))
                    .ifPresent(remedies::add);
        }
        Universe now = new Universe(part, known);
        if (policy.minimumAge().isPresent()) {
            MinimumAge minimum = policy.minimumAge().get();
            ResolvePolicy without =
                    new ResolvePolicy(
                            policy.includePrereleases(), Optional.empty(), policy.preference());
            plan(part.withPolicy(without)).stream()
                    .filter(entry -> now.verdict(entry) == Verdict.TOO_YOUNG)
                    .filter(entry -> entry.publishedAt().isPresent())
                    .max(Comparator.comparing(entry -> entry.publishedAt().orElseThrow()))
                    .map(
                            entry ->
                                    new Remedy.Wait(
                                            entry.coordinate(),
                                            entry.publishedAt().orElseThrow().plus(minimum.age())))
                    .ifPresent(remedies::add);
        }
        if (part.host().isPresent()) {
            plan(part.withHost(Optional.empty())).stream()
                    .filter(entry -> now.verdict(entry) == Verdict.OTHER_HOST)
                    .findFirst()
                    .map(
                            entry ->
                                    new Remedy.OtherHost(
                                            entry.coordinate(), entry.host().orElseThrow()))
                    .ifPresent(remedies::add);
        }
    }

    private void ranges(ResolveRequest part, List<Remedy> remedies) {
        List<Requirement> requirements = part.requirements();
        for (int i = 0; i < Math.min(MAX_RANGES, requirements.size()); i++) {
            Requirement tried = requirements.get(i);
            List<Requirement> others = new ArrayList<>(requirements);
            others.set(i, new Requirement(tried.plugin(), RangeCache.range("*")));
            plan(part.withRequirements(others)).stream()
                    .map(IndexEntry::coordinate)
                    .filter(chosen -> chosen.plugin().equals(tried.plugin()))
                    .findFirst()
                    .map(chosen -> otherRange(tried, chosen))
                    .ifPresent(remedies::add);
        }
    }

    /** When nothing else helps, something has to be given up. */
    private void without(ResolveRequest part, List<Remedy> remedies) {
        List<Requirement> requirements = part.requirements();
        for (int i = 0; i < Math.min(MAX_RANGES, requirements.size()); i++) {
            List<Requirement> others = new ArrayList<>(requirements);
            PluginId left = others.remove(i).plugin();
            if (!others.isEmpty() && !plan(part.withRequirements(others)).isEmpty()) {
                remedies.add(new Remedy.LeaveOut(left));
            }
        }
    }

    private static Remedy otherRange(Requirement tried, Coordinate chosen) {
        Version version = chosen.version();
        return new Remedy.OtherRange(
                tried.plugin(), tried.range(), VersionRange.parse("^" + version));
    }

    /** The releases of a plan, in the order of decision; empty when there is none. */
    private List<IndexEntry> plan(ResolveRequest tried) {
        Universe universe = new Universe(tried, known);
        return Resolver.solve(universe, MAX_STEPS, budget)
                        instanceof Solver.Outcome.Chosen(var releases)
                ? releases
                : List.of();
    }
}
