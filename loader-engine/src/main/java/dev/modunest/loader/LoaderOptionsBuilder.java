package dev.modunest.loader;

import dev.modunest.format.Version;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Builds {@link LoaderOptions}; what is not set has its default. Not thread-safe. */
public final class LoaderOptionsBuilder {

    private final Path cacheDirectory;
    private Optional<URI> registry = Optional.empty();
    private LoaderOptions.Resolution resolution = LoaderOptions.Resolution.REGISTRY;
    private int permits = LoaderOptions.defaultPermits();
    private int networkPermits = LoaderOptions.defaultPermits();
    private int verificationPermits = LoaderOptions.defaultPermits();
    private long memoryBudget = LoaderOptions.defaultMemoryBudget();
    private Optional<Version> hostVersion = Optional.empty();
    private Set<String> hostPackages = Set.of();
    private ClassLoader hostClassLoader = PluginLoader.class.getClassLoader();
    private EntryPointAdapter adapter = EntryPointAdapter.DEFAULT;
    private Duration connectDeadline = Duration.ofSeconds(5);
    private Duration idleDeadline = Duration.ofSeconds(10);
    private Duration fetchDeadline = Duration.ofMinutes(2);
    private Duration startDeadline = Duration.ofSeconds(30);
    private Duration stopDeadline = Duration.ofSeconds(10);
    private int attempts = 4;
    private long maxArtifactBytes = 512L << 20;
    private List<URI> mirrors = List.of();
    private Optional<URI> proxy = Optional.empty();
    private long bytesPerSecond;
    private Optional<HostCredentials> hostCredentials = Optional.empty();
    private Optional<PluginAuthService> authService = Optional.empty();
    private Optional<TrustOptions> trust = Optional.empty();
    private Duration verifyDeadline = Duration.ofSeconds(30);
    private Duration hookDeadline = Duration.ofSeconds(10);
    private PluginEnvironmentService.Environment environment =
            PluginEnvironmentService.Environment.PRODUCTION;
    private Map<String, String> facts = Map.of();
    private Optional<Path> dataDirectory = Optional.empty();
    private Optional<Path> configDirectory = Optional.empty();
    private Map<String, String> variables = System.getenv();
    private boolean checkLinks;
    private Duration drainDeadline = Duration.ofSeconds(5);
    private Duration leaseDeadline = Duration.ofSeconds(30);
    private int maxStateBytes = 16 << 20;
    private Optional<Path> generationsDirectory = Optional.empty();
    private int generations = 10;
    private long cacheBytes = 1L << 30;
    private Consumer<PluginReport> onOutcome = report -> {};
    private final List<Consumer<? super LoaderEvent>> onEvent = new ArrayList<>();
    private final List<PluginLifecycleHooks> hooks = new ArrayList<>();
    private LoaderTracing tracing = LoaderTracing.NONE;

    LoaderOptionsBuilder(Path cacheDirectory) {
        this.cacheDirectory = cacheDirectory;
    }

    public LoaderOptionsBuilder registry(URI base) {
        registry = Optional.of(base);
        return this;
    }

    public LoaderOptionsBuilder resolution(LoaderOptions.Resolution value) {
        resolution = value;
        return this;
    }

    public LoaderOptionsBuilder permits(int value) {
        permits = value;
        return this;
    }

    public LoaderOptionsBuilder networkPermits(int value) {
        networkPermits = value;
        return this;
    }

    public LoaderOptionsBuilder verificationPermits(int value) {
        verificationPermits = value;
        return this;
    }

    /** Bytes of the artifacts that are verified at the same time. */
    public LoaderOptionsBuilder memoryBudget(long bytes) {
        memoryBudget = bytes;
        return this;
    }

    public LoaderOptionsBuilder hostVersion(Version value) {
        hostVersion = Optional.of(value);
        return this;
    }

    public LoaderOptionsBuilder hostPackages(Set<String> exactNames) {
        hostPackages = exactNames;
        return this;
    }

    public LoaderOptionsBuilder hostClassLoader(ClassLoader value) {
        hostClassLoader = value;
        return this;
    }

    public LoaderOptionsBuilder entryPointAdapter(EntryPointAdapter value) {
        adapter = value;
        return this;
    }

    public LoaderOptionsBuilder connectDeadline(Duration value) {
        connectDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder idleDeadline(Duration value) {
        idleDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder fetchDeadline(Duration value) {
        fetchDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder startDeadline(Duration value) {
        startDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder stopDeadline(Duration value) {
        stopDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder attempts(int value) {
        attempts = value;
        return this;
    }

    public LoaderOptionsBuilder maxArtifactBytes(long value) {
        maxArtifactBytes = value;
        return this;
    }

    /** Base addresses that serve the same artifacts, for when the registry fails. */
    public LoaderOptionsBuilder mirrors(List<URI> inOrder) {
        mirrors = inOrder;
        return this;
    }

    /** {@code http://host:port}, for every request. */
    public LoaderOptionsBuilder proxy(URI value) {
        proxy = Optional.of(value);
        return this;
    }

    /** Most bytes of artifacts in a second, all of them together; 0 sets no limit. */
    public LoaderOptionsBuilder bandwidth(long value) {
        bytesPerSecond = value;
        return this;
    }

    public LoaderOptionsBuilder hostCredentials(HostCredentials value) {
        hostCredentials = Optional.of(value);
        return this;
    }

    public LoaderOptionsBuilder authService(PluginAuthService value) {
        authService = Optional.of(value);
        return this;
    }

    /** Whom to trust: must be said, also when it is {@link TrustOptions#unverified}. */
    public LoaderOptionsBuilder trust(TrustOptions value) {
        trust = Optional.of(value);
        return this;
    }

    public LoaderOptionsBuilder verifyDeadline(Duration value) {
        verifyDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder hookDeadline(Duration value) {
        hookDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder environment(PluginEnvironmentService.Environment value) {
        environment = value;
        return this;
    }

    /** What plugins may know of the host besides; nothing else of it is shown. */
    public LoaderOptionsBuilder facts(Map<String, String> value) {
        facts = value;
        return this;
    }

    public LoaderOptionsBuilder dataDirectory(Path value) {
        dataDirectory = Optional.of(value);
        return this;
    }

    public LoaderOptionsBuilder configDirectory(Path value) {
        configDirectory = Optional.of(value);
        return this;
    }

    /** Environment variables for the configuration of plugins, in place of the process's. */
    public LoaderOptionsBuilder variables(Map<String, String> value) {
        variables = value;
        return this;
    }

    /**
     * Finds a class, method or field that is missing when a plugin is loaded, not when it is used.
     */
    public LoaderOptionsBuilder checkLinks(boolean value) {
        checkLinks = value;
        return this;
    }

    public LoaderOptionsBuilder drainDeadline(Duration value) {
        drainDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder leaseDeadline(Duration value) {
        leaseDeadline = value;
        return this;
    }

    public LoaderOptionsBuilder maxStateBytes(int value) {
        maxStateBytes = value;
        return this;
    }

    /** Where generations are kept; hosts that share a cache need folders of their own. */
    public LoaderOptionsBuilder generationsDirectory(Path value) {
        generationsDirectory = Optional.of(value);
        return this;
    }

    public LoaderOptionsBuilder generations(int value) {
        generations = value;
        return this;
    }

    /** What the cache may hold besides what a lock names. */
    public LoaderOptionsBuilder cacheBytes(long value) {
        cacheBytes = value;
        return this;
    }

    /** Adds a listener. */
    public LoaderOptionsBuilder onEvent(Consumer<? super LoaderEvent> listener) {
        onEvent.add(listener);
        return this;
    }

    /** Adds hooks. */
    public LoaderOptionsBuilder hooks(PluginLifecycleHooks value) {
        hooks.add(value);
        return this;
    }

    /** Has the requests be parts of traces. */
    public LoaderOptionsBuilder tracing(LoaderTracing value) {
        tracing = value;
        return this;
    }

    public LoaderOptionsBuilder onOutcome(Consumer<PluginReport> value) {
        onOutcome = value;
        return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the option that is out of bounds, or that trust is
     *     not said
     */
    public LoaderOptions build() {
        return new LoaderOptions(
                registry,
                resolution,
                cacheDirectory,
                new LoaderOptions.Budget(
                        permits, networkPermits, verificationPermits, memoryBudget),
                new LoaderOptions.HostOptions(hostVersion, hostPackages, hostClassLoader, adapter),
                new LoaderOptions.FetchOptions(
                        connectDeadline,
                        idleDeadline,
                        fetchDeadline,
                        attempts,
                        maxArtifactBytes,
                        new LoaderOptions.Route(mirrors, proxy, bytesPerSecond)),
                new LoaderOptions.IdentityOptions(hostCredentials, authService),
                trust.orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "whom to trust is not said: set trust, to"
                                                + " TrustOptions.rootedIn(...) or, where plugins"
                                                + " need no verification, to"
                                                + " TrustOptions.unverified()")),
                new LoaderOptions.Deadlines(
                        verifyDeadline, startDeadline, stopDeadline, hookDeadline),
                new LoaderOptions.PluginOptions(
                        environment, facts, dataDirectory, configDirectory, variables, checkLinks),
                new LoaderOptions.ReloadOptions(
                        drainDeadline,
                        leaseDeadline,
                        maxStateBytes,
                        generationsDirectory,
                        generations,
                        cacheBytes),
                new LoaderOptions.Observers(onOutcome, all(onEvent), hooks, tracing));
    }

    private static Consumer<LoaderEvent> all(List<Consumer<? super LoaderEvent>> listeners) {
        List<Consumer<? super LoaderEvent>> fixed = List.copyOf(listeners);
        return event -> fixed.forEach(listener -> listener.accept(event));
    }
}
