package dev.modunest.format.resolve;

import java.util.List;

/**
 * Picks for every plugin the highest release that satisfies all ranges, or explains why there is
 * none. The rules and the order of preference: {@code docs/format/resolution.md}.
 */
public final class Resolver {

    private Resolver() {}

    public static Resolution resolve(ResolveRequest request, ReleaseSource source) {
        return resolve(request, source, () -> {});
    }

    /**
     * As {@link #resolve(ResolveRequest, ReleaseSource)}, for as long as {@code check} allows.
     *
     * @param check called some hundred times a second while there is a search, and before the
     *     source is asked; what it throws ends the resolution
     */
    public static Resolution resolve(ResolveRequest request, ReleaseSource source, Runnable check) {
        Budget budget = new Budget(check);
        KnownReleases known =
                new KnownReleases(
                        plugins -> {
                            budget.look();
                            return source.releases(plugins);
                        });
        Universe universe = new Universe(request, known);
        try {
            return switch (solve(universe, Solver.MAX_STEPS, budget)) {
                case Solver.Outcome.Chosen(var releases) ->
                        new PlanWriter(universe, releases).write();
                case Solver.Outcome.Impossible(var why) ->
                        new Resolution.Conflict(
                                Explanation.of(
                                        universe, why, new Remedies(request, known, budget)));
                case Solver.Outcome.GivenUp() ->
                        tooComplex("no plan was found in " + Solver.MAX_STEPS + " steps");
            };
        } catch (KnownReleases.TooManyPlugins reached) {
            return tooComplex(
                    "more than "
                            + KnownReleases.MAX_PLUGINS
                            + " plugins are in reach of the request");
        }
    }

    private static Resolution tooComplex(String what) {
        return new Resolution.TooComplex(Explanation.ofTooComplex(what));
    }

    /** Optional ranges are held to where that is possible and never make a request fail. */
    static Solver.Outcome solve(Universe universe, int maxSteps, Budget budget) {
        List<Requirement> requirements = universe.request().requirements();
        Solver.Outcome strict = new Solver(universe, true, maxSteps, budget).solve(requirements);
        return strict instanceof Solver.Outcome.Chosen
                ? strict
                : new Solver(universe, false, maxSteps, budget).solve(requirements);
    }
}
