package dev.modunest.format.resolve;

import java.util.List;

/**
 * Picks for every plugin the highest release that satisfies all ranges, or explains why there is
 * none. The rules and the order of preference: {@code docs/format/resolution.md}.
 */
public final class Resolver {

    private Resolver() {}

    public static Resolution resolve(ResolveRequest request, ReleaseSource source) {
        Universe universe = Universe.gather(request, source);
        if (universe.isTooLarge()) {
            return new Resolution.Conflict(
                    List.of(
                            Explanation.ofTooComplex(
                                    "more than "
                                            + Universe.MAX_PLUGINS
                                            + " plugins are in reach of the request")));
        }
        // Optional ranges are held to where that is possible and never make a request fail.
        Solver.Outcome outcome = solve(universe, true);
        if (!(outcome instanceof Solver.Outcome.Chosen)) {
            outcome = solve(universe, false);
        }
        return switch (outcome) {
            case Solver.Outcome.Chosen(var releases) -> new PlanWriter(universe, releases).write();
            case Solver.Outcome.Impossible(var why) ->
                    new Resolution.Conflict(Explanation.of(universe, why));
            case Solver.Outcome.GivenUp() ->
                    new Resolution.Conflict(
                            List.of(
                                    Explanation.ofTooComplex(
                                            "no plan was found in "
                                                    + Solver.MAX_STEPS
                                                    + " steps")));
        };
    }

    private static Solver.Outcome solve(Universe universe, boolean withOptional) {
        return new Solver(new Choices(universe, withOptional))
                .solve(universe.request().requirements());
    }
}
