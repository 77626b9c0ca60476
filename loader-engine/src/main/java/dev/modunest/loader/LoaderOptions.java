package dev.modunest.loader;

import dev.modunest.format.Version;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What an engine is opened with; {@code docs/loader/embedding.md} has the table.
 *
 * @param registry base address of the registry, normally an edge
 * @param resolution who computes the plan
 * @param cacheDirectory where artifacts are kept; several engines and processes may share it
 * @param permits plugins being worked on at the same time, 1 to 500
 * @param host what plugins see of the host
 * @param fetch bounds of network access
 * @param identity who the host is, and who its users are
 * @param trust whom the host trusts
 * @param startDeadline for the entry point and {@link Plugin#start} of one plugin
 * @param stopDeadline for {@link Plugin#stop} of one plugin
 * @param onOutcome told of each plugin when its outcome is known, by the thread that worked on it
 */
public record LoaderOptions(
        Optional<URI> registry,
        Resolution resolution,
        Path cacheDirectory,
        int permits,
        HostOptions host,
        FetchOptions fetch,
        IdentityOptions identity,
        TrustOptions trust,
        Duration startDeadline,
        Duration stopDeadline,
        Consumer<PluginReport> onOutcome) {

    public static final int MAX_PERMITS = 500;

    /** Who computes the plan of a list of requirements. */
    public enum Resolution {
        /** The registry, asked once; this process from the sparse index when it does not answer. */
        REGISTRY,
        /** This process, from the sparse index; what it has of it is revalidated. */
        LOCAL_INDEX,
        /** This process, from what it has of the sparse index; nothing is asked for. */
        CACHED_INDEX
    }

    /**
     * What plugins see of the host.
     *
     * @param version held against the {@code host} range of plugins; empty leaves it unchecked
     * @param packages packages of {@code classLoader} that plugins see, by exact name; those of the
     *     plugin interface are always visible
     * @param adapter makes plugins of entry points
     */
    public record HostOptions(
            Optional<Version> version,
            Set<String> packages,
            ClassLoader classLoader,
            EntryPointAdapter adapter) {
        public HostOptions {
            packages = Set.copyOf(packages);
        }
    }

    /**
     * Bounds of network access.
     *
     * @param connect for a connection
     * @param idle between two pieces of a response
     * @param deadline for one artifact or document, all attempts together
     * @param attempts most requests for one artifact or document, 1 to 20
     * @param maxArtifactBytes largest artifact
     */
    public record FetchOptions(
            Duration connect,
            Duration idle,
            Duration deadline,
            int attempts,
            long maxArtifactBytes) {
        public FetchOptions {
            requirePositive("connect deadline", connect);
            requirePositive("idle deadline", idle);
            requirePositive("fetch deadline", deadline);
            requireBetween("attempts", attempts, 1, 20);
            requireBetween("maxArtifactBytes", maxArtifactBytes, 1, 1L << 30);
        }
    }

    /**
     * Who the host is, and who its users are.
     *
     * @param host proves to the registry which host asks; empty asks as anybody
     * @param users what plugins with the permission {@code auth.state} see of them; not closed with
     *     the engine
     */
    public record IdentityOptions(
            Optional<HostCredentials> host, Optional<PluginAuthService> users) {}

    public LoaderOptions {
        requireBetween("permits", permits, 1, MAX_PERMITS);
        requirePositive("start deadline", startDeadline);
        requirePositive("stop deadline", stopDeadline);
        registry.ifPresent(LoaderOptions::requireHttp);
    }

    /** Options with every default but trust; artifacts are kept in {@code cacheDirectory}. */
    public static LoaderOptionsBuilder in(Path cacheDirectory) {
        return new LoaderOptionsBuilder(cacheDirectory);
    }

    /** Thirty-two for each processor, at most 500: most of the work waits. */
    public static int defaultPermits() {
        return Math.min(MAX_PERMITS, 32 * Runtime.getRuntime().availableProcessors());
    }

    private static void requireHttp(URI registry) {
        String scheme = registry.getScheme();
        if (!("http".equals(scheme) || "https".equals(scheme)) || registry.getHost() == null) {
            throw new IllegalArgumentException(
                    "'" + registry + "' is not a registry: write http://host:port");
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(what + " is " + value + ": it must be positive");
        }
    }

    private static void requireBetween(String what, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(
                    what + " is " + value + ": it must be " + low + " to " + high);
        }
    }
}
