package dev.modunest.loader.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.format.resolve.Resolver;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;

import java.util.List;
import java.util.Optional;

/** Makes plans of requirements. Thread-safe. */
public final class Planner {

    private final LoaderOptions.Resolution resolution;
    private final Optional<Version> host;

    public Planner(LoaderOptions.Resolution resolution, Optional<Version> host) {
        this.resolution = resolution;
        this.host = host;
    }

    /**
     * A plan that the registry can serve.
     *
     * @param installed releases that are kept while they satisfy every range
     * @throws LoaderException when there is no plan
     */
    public Plan plan(
            RegistryClient registry, List<Requirement> requirements, List<Coordinate> installed)
            throws InterruptedException {
        ResolveRequest request = new ResolveRequest(requirements, installed, host, false);
        return switch (resolution) {
            case REGISTRY -> registry.resolve(request);
            case LOCAL_INDEX -> solve(request, new IndexReleases(registry));
        };
    }

    /** A plan for every plugin that lies in a folder, pre-releases included. */
    public Plan plan(JarReleases jars) {
        return solve(new ResolveRequest(jars.requirements(), List.of(), host, true), jars);
    }

    private static Plan solve(ResolveRequest request, ReleaseSource source) {
        return switch (Resolver.resolve(request, source)) {
            case Resolution.Resolved resolved -> resolved.plan();
            case Resolution.Conflict conflict ->
                    throw new LoaderException(
                            "resolution-conflict",
                            "the requirements cannot all be met",
                            conflict.reasons().stream()
                                    .map(reason -> reason.detail() + ". " + reason.fix())
                                    .toList());
        };
    }
}
