package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Version;

import java.util.List;
import java.util.Optional;

/**
 * What to resolve.
 *
 * @param installed releases that the host has: preferred over higher ones while they satisfy every
 *     range, yanked or not
 * @param host the host's version; empty leaves the host ranges of plugins unchecked
 */
public record ResolveRequest(
        List<Requirement> requirements,
        List<Coordinate> installed,
        Optional<Version> host,
        boolean includePrereleases) {

    public ResolveRequest {
        requirements = List.copyOf(requirements);
        installed = List.copyOf(installed);
    }
}
