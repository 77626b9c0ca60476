package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Version;

import java.util.List;
import java.util.Optional;

/**
 * A plan with what it was solved for: enough to bring the same releases again, and to say without
 * solving whether it still holds.
 *
 * @param host the host's version it was solved for
 */
public record Lock(
        List<Requirement> requirements, Optional<Version> host, ResolvePolicy policy, Plan plan) {

    public Lock {
        requirements = List.copyOf(requirements);
    }

    /** The lock of an answer to {@code request}. */
    public static Lock of(ResolveRequest request, Plan plan) {
        return new Lock(request.requirements(), request.host(), request.policy(), plan);
    }

    /** What it locks, in the order of loading. */
    public List<Coordinate> releases() {
        return plan.steps().stream().map(Plan.Step::coordinate).toList();
    }

    /**
     * Whether this lock is an answer to {@code wanted} today, without solving: every release is
     * there as it was, may be kept, and is required; every range holds; each comes after what it is
     * wired to. Higher releases do not matter.
     *
     * @return why not; empty when it holds
     */
    public List<Resolution.Reason> verify(List<Requirement> wanted, ReleaseSource source) {
        return new LockCheck(this, source).check(wanted);
    }
}
