package dev.modunest.loader;

import dev.modunest.format.Version;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What an engine is opened with; {@code docs/loader/embedding.md} has the table.
 *
 * @param registry base address of the registry, normally an edge
 * @param resolution who computes the plan
 * @param cacheDirectory where artifacts are kept; several engines and processes may share it
 * @param budget how much is worked on at the same time
 * @param host what plugins see of the host
 * @param fetch bounds of network access
 * @param identity who the host is, and who its users are
 * @param trust whom the host trusts
 * @param deadlines how long a plugin may take
 * @param plugins what plugins are configured with and may know
 * @param reload bounds of exchanging what runs
 * @param observers who is told
 */
public record LoaderOptions(
        Optional<URI> registry,
        Resolution resolution,
        Path cacheDirectory,
        Budget budget,
        HostOptions host,
        FetchOptions fetch,
        IdentityOptions identity,
        TrustOptions trust,
        Deadlines deadlines,
        PluginOptions plugins,
        ReloadOptions reload,
        Observers observers) {

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
     * @param route where artifacts come from besides the registry, and by which way
     */
    public record FetchOptions(
            Duration connect,
            Duration idle,
            Duration deadline,
            int attempts,
            long maxArtifactBytes,
            Route route) {
        /** Straight from the registry. */
        public FetchOptions(
                Duration connect,
                Duration idle,
                Duration deadline,
                int attempts,
                long maxArtifactBytes) {
            this(connect, idle, deadline, attempts, maxArtifactBytes, Route.DIRECT);
        }

        public FetchOptions {
            requirePositive("connect deadline", connect);
            requirePositive("idle deadline", idle);
            requirePositive("fetch deadline", deadline);
            requireBetween("attempts", attempts, 1, 20);
            requireBetween("maxArtifactBytes", maxArtifactBytes, 1, 1L << 30);
        }
    }

    /**
     * The way to artifacts.
     *
     * @param mirrors base addresses that serve the same artifacts, asked in this order when the
     *     registry fails, at most 16
     * @param proxy {@code http://host:port} for every request; empty goes by the JVM's own settings
     * @param bytesPerSecond of all artifacts together, at least 1,024; 0 sets no limit
     */
    public record Route(List<URI> mirrors, Optional<URI> proxy, long bytesPerSecond) {

        public static final int MAX_MIRRORS = 16;

        static final long MIN_RATE = 1 << 10;

        /** No mirrors, no proxy, no limit. */
        public static final Route DIRECT = new Route(List.of(), Optional.empty(), 0);

        public Route {
            mirrors = List.copyOf(mirrors);
            mirrors.forEach(LoaderOptions::requireHttp);
            requireBetween("mirrors", mirrors.size(), 0, MAX_MIRRORS);
            proxy.ifPresent(Route::requireProxy);
            if (bytesPerSecond != 0) {
                requireBetween("bytesPerSecond", bytesPerSecond, MIN_RATE, 1L << 40);
            }
        }

        private static void requireProxy(URI proxy) {
            if (!"http".equals(proxy.getScheme())
                    || proxy.getHost() == null
                    || proxy.getPort() < 0
                    || proxy.getRawUserInfo() != null) {
                throw new IllegalArgumentException(
                        "'" + proxy + "' is not a proxy: write http://host:port");
            }
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

    /**
     * How much is worked on at the same time.
     *
     * @param permits plugins that start, 1 to 500
     * @param network artifacts that come over the network, 1 to 500
     * @param verification artifacts that are verified, 1 to 500
     * @param memoryBytes of the artifacts being verified together; a larger one is verified alone
     */
    public record Budget(int permits, int network, int verification, long memoryBytes) {
        public Budget {
            requireBetween("permits", permits, 1, MAX_PERMITS);
            requireBetween("networkPermits", network, 1, MAX_PERMITS);
            requireBetween("verificationPermits", verification, 1, MAX_PERMITS);
            requireBetween("memoryBudget", memoryBytes, 1, Long.MAX_VALUE);
        }
    }

    /**
     * How long one plugin may take.
     *
     * @param verify for hashing, inspection and trust
     * @param start for the entry point and {@link Plugin#start}, and for its state
     * @param stop for {@link Plugin#stop}
     * @param hook for one call of {@link PluginLifecycleHooks}
     */
    public record Deadlines(Duration verify, Duration start, Duration stop, Duration hook) {
        public Deadlines {
            requirePositive("verify deadline", verify);
            requirePositive("start deadline", start);
            requirePositive("stop deadline", stop);
            requirePositive("hook deadline", hook);
        }
    }

    /**
     * What plugins are configured with and may know.
     *
     * @param environment what the host is used for
     * @param facts that the host shares, by name
     * @param dataDirectory below which each plugin has a folder; empty gives them none
     * @param configDirectory where {@code <namespace>/<name>.json} is looked for; empty reads none
     * @param variables environment variables; those of configuration are looked at
     * @param checkLinks whether the classes of a plugin are held against what they are linked with
     *     before it starts
     */
    public record PluginOptions(
            PluginEnvironmentService.Environment environment,
            Map<String, String> facts,
            Optional<Path> dataDirectory,
            Optional<Path> configDirectory,
            Map<String, String> variables,
            boolean checkLinks) {
        public PluginOptions {
            facts = Map.copyOf(facts);
            variables = Map.copyOf(variables);
        }
    }

    /**
     * Bounds of exchanging what runs.
     *
     * @param drain for those who use a plugin that is to be exchanged
     * @param lease how long who wants to use it waits for the exchange
     * @param maxStateBytes largest state of one plugin
     * @param directory where generations are kept; empty keeps them in the cache, which no other
     *     host may share then
     * @param generations how many lock files are kept to go back to, 1 to 100
     * @param cacheBytes what the artifact cache may hold besides what a lock names
     */
    public record ReloadOptions(
            Duration drain,
            Duration lease,
            int maxStateBytes,
            Optional<Path> directory,
            int generations,
            long cacheBytes) {
        public ReloadOptions {
            requirePositive("drain deadline", drain);
            requirePositive("lease deadline", lease);
            requireBetween("maxStateBytes", maxStateBytes, 1, 1 << 30);
            requireBetween("generations", generations, 1, 100);
            requireBetween("cacheBytes", cacheBytes, 0, Long.MAX_VALUE);
        }
    }

    /**
     * Who is told.
     *
     * @param onOutcome of each plugin when its outcome is known, by the thread that worked on it
     * @param onEvent of everything, by the thread that caused it; what it throws is logged
     * @param hooks called in this order, at the end of a life in the reverse one
     * @param tracing of the requests
     */
    public record Observers(
            Consumer<PluginReport> onOutcome,
            Consumer<LoaderEvent> onEvent,
            List<PluginLifecycleHooks> hooks,
            LoaderTracing tracing) {
        public Observers {
            hooks = List.copyOf(hooks);
        }
    }

    public LoaderOptions {
        registry.ifPresent(LoaderOptions::requireHttp);
    }

    /**
     * Where it is kept which artifacts have been inspected: with what the host trusted, and where
     * nothing is trusted with the locks, which whoever may write them may change all the same.
     */
    public Path inspectionsFile() {
        boolean rooted = !(trust.root() instanceof TrustRoot.Absent);
        return (rooted ? trust.home() : cacheDirectory).resolve("inspections");
    }

    /** Options with every default but trust; artifacts are kept in {@code cacheDirectory}. */
    public static LoaderOptionsBuilder in(Path cacheDirectory) {
        return new LoaderOptionsBuilder(cacheDirectory);
    }

    /**
     * Thirty-two for each processor, as most of the work waits; one for each 4 MiB of heap, and at
     * most 500.
     */
    public static int defaultPermits() {
        Runtime jvm = Runtime.getRuntime();
        long byMemory = Math.max(1, jvm.maxMemory() >> 22);
        return (int) Math.min(Math.min(MAX_PERMITS, byMemory), 32L * jvm.availableProcessors());
    }

    /** A quarter of the heap. */
    static long defaultMemoryBudget() {
        return Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 4);
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
