package dev.modunest.standalone.synthetic;

import dev.modunest.format.Version;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The versions of each plugin, and of each the one that fits with those of all others: what the
 * ranges of dependencies are made for, so that requests have an answer.
 */
final class Versions {

    private final ReleaseCounts counts;
    private final Draws draws;
    private final Version[] fitting;

    Versions(Shape shape, Draws draws) {
        this.counts = new ReleaseCounts(shape, draws);
        this.draws = draws;
        this.fitting = new Version[shape.plugins()];
        for (int rank = 0; rank < fitting.length; rank++) {
            List<Version> versions = of(rank);
            fitting[rank] = versions.get(fittingPlace(rank, versions));
        }
    }

    /** Without making all of them. */
    Version first(int rank) {
        return first(draws.of(Draws.For.VERSIONS, rank));
    }

    private static Version first(Random random) {
        return random.nextInt(4) == 0
                ? new Version(0, 1, 0, List.of())
                : new Version(1, 0, 0, List.of());
    }

    /** Ascending; the first is a normal version. */
    List<Version> of(int rank) {
        Random random = draws.of(Draws.For.VERSIONS, rank);
        List<Version> versions = new ArrayList<>();
        Version first = first(random);
        long major = first.major();
        long minor = first.minor();
        long patch = 0;
        for (int i = 0; i < counts.of(rank); i++) {
            boolean prerelease = i > 0 && random.nextInt(12) == 0;
            versions.add(
                    new Version(major, minor, patch, prerelease ? List.of("rc", "1") : List.of()));
            int step = random.nextInt(10);
            if (step == 0) {
                major++;
                minor = 0;
                patch = 0;
            } else if (step < 6) {
                minor++;
                patch = 0;
            } else {
                patch++;
            }
        }
        return versions;
    }

    /** Near the newest, never a pre-release. */
    int fittingPlace(int rank, List<Version> versions) {
        Random random = draws.of(Draws.For.FITTING, rank);
        int at = versions.size() - 1;
        while (at > 0 && (versions.get(at).isPrerelease() || random.nextInt(10) < 3)) {
            at--;
        }
        return at;
    }

    Version fitting(int rank) {
        return fitting[rank];
    }
}
