package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Version;

import java.util.List;
import java.util.Optional;

/**
 * What to resolve. Locked and installed releases may be yanked and younger than the policy asks;
 * neither has to stay: a range decides.
 *
 * @param locked the releases of the present lock: tried before all others
 * @param installed releases that the host has: tried before higher ones when the policy prefers
 *     them
 * @param host the host's version; empty leaves the host ranges of plugins unchecked
 */
public record ResolveRequest(
        List<Requirement> requirements,
        List<Coordinate> locked,
        List<Coordinate> installed,
        Optional<Version> host,
        ResolvePolicy policy) {

    public ResolveRequest {
        requirements = List.copyOf(requirements);
        locked = List.copyOf(locked);
        installed = List.copyOf(installed);
    }

    /** Nothing locked or installed, any host, the default policy. */
    public static ResolveRequest of(List<Requirement> requirements) {
        return new ResolveRequest(
                requirements, List.of(), List.of(), Optional.empty(), ResolvePolicy.DEFAULT);
    }

    public ResolveRequest withLocked(List<Coordinate> releases) {
        return new ResolveRequest(requirements, releases, installed, host, policy);
    }

    public ResolveRequest withInstalled(List<Coordinate> releases) {
        return new ResolveRequest(requirements, locked, releases, host, policy);
    }

    public ResolveRequest withHost(Optional<Version> version) {
        return new ResolveRequest(requirements, locked, installed, version, policy);
    }

    public ResolveRequest withPolicy(ResolvePolicy other) {
        return new ResolveRequest(requirements, locked, installed, host, other);
    }

    ResolveRequest withRequirements(List<Requirement> others) {
        return new ResolveRequest(others, locked, installed, host, policy);
    }
}
