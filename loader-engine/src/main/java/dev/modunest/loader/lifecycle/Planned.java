package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.fetch.ArtifactSource;

/** One release to load, and where its bytes come from. */
record Planned(Plan.Step step, ArtifactSource source) {

    Coordinate coordinate() {
        return step.coordinate();
    }

    /** Whether {@code other} is the same bytes, wired to the same releases. */
    boolean isSameAs(Planned other) {
        return step.coordinate().equals(other.step.coordinate())
                && step.digest().equals(other.step.digest())
                && step.requires().equals(other.step.requires());
    }
}
