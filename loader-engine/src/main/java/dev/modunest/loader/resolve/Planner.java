package dev.modunest.loader.resolve;

import dev.modunest.format.Version;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolvePolicy;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.format.resolve.Resolver;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes plans of requirements, and holds locks to the index. Thread-safe. */
public final class Planner {

    private final LoaderOptions.Resolution resolution;
    private final Optional<Version> host;

    /** Where index documents are kept. */
    private final Path cacheDirectory;

    public Planner(LoaderOptions options) {
        this.resolution = options.resolution();
        this.host = options.host().version();
        this.cacheDirectory = options.cacheDirectory();
    }

    /**
     * A plan that the registry can serve. When the registry does not answer {@code /resolve}, as an
     * edge does not whose origin is away, it is made from the sparse index.
     *
     * @throws LoaderException when there is no plan
     */
    public Lock plan(RegistryClient registry, ResolveRequest wanted) throws InterruptedException {
        ResolveRequest request = wanted.withHost(host);
        return switch (resolution) {
            case REGISTRY -> askFirst(registry, request);
            case LOCAL_INDEX, CACHED_INDEX -> solve(request, index(registry));
        };
    }

    private Lock askFirst(RegistryClient registry, ResolveRequest request)
            throws InterruptedException {
        try {
            return registry.resolve(request);
        } catch (LoaderException away) {
            if (!away.code().equals("registry-unreachable")) {
                throw away;
            }
            try {
                return solve(request, index(registry));
            } catch (LoaderException alsoAway) {
                throw alsoAway.code().equals("registry-unreachable") ? away : alsoAway;
            }
        }
    }

    /**
     * Whether {@code lock} is an answer to {@code requirements} on this host, from the index and
     * without solving.
     *
     * @throws LoaderException when it is not, with every reason
     */
    public void verify(RegistryClient registry, Lock lock, List<Requirement> requirements) {
        Lock here = new Lock(lock.requirements(), host.or(lock::host), lock.policy(), lock.plan());
        List<Resolution.Reason> reasons = here.verify(requirements, index(registry));
        if (!reasons.isEmpty()) {
            throw new LoaderException(
                    "lock-outdated",
                    "modunest.lock.json is no answer to modunest.json any more: install without"
                            + " --frozen",
                    reasons.stream().map(Resolution.Reason::detail).toList());
        }
    }

    private ReleaseSource index(RegistryClient registry) {
        return new IndexReleases(
                registry, cacheDirectory, resolution == LoaderOptions.Resolution.CACHED_INDEX);
    }

    /** A plan for every plugin that lies in a folder, pre-releases included. */
    public Plan plan(JarReleases jars) {
        ResolvePolicy everything =
                new ResolvePolicy(true, Optional.empty(), ResolvePolicy.Preference.HIGHEST);
        return solve(
                        ResolveRequest.of(jars.requirements())
                                .withHost(host)
                                .withPolicy(everything),
                        jars)
                .plan();
    }

    private static Lock solve(ResolveRequest request, ReleaseSource source) {
        return switch (Resolver.resolve(request, source)) {
            case Resolution.Resolved resolved -> Lock.of(request, resolved.plan());
            case Resolution.Conflict conflict ->
                    throw unsolved(
                            "resolution-conflict",
                            "the requirements cannot all be met",
                            conflict.reasons());
            case Resolution.TooComplex given ->
                    throw unsolved(
                            "resolution-too-complex",
                            "whether the requirements can all be met was not found out",
                            List.of(given.reason()));
        };
    }

    private static LoaderException unsolved(
            String code, String what, List<Resolution.Reason> reasons) {
        return new LoaderException(
                code,
                what,
                reasons.stream().map(reason -> reason.detail() + ". " + reason.fix()).toList());
    }
}
