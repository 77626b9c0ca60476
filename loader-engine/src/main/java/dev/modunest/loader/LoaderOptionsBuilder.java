package dev.modunest.loader;

import dev.modunest.format.Version;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Builds {@link LoaderOptions}; what is not set has its default. Not thread-safe. */
public final class LoaderOptionsBuilder {

    private final Path cacheDirectory;
    private Optional<URI> registry = Optional.empty();
    private LoaderOptions.Resolution resolution = LoaderOptions.Resolution.REGISTRY;
    private int permits = LoaderOptions.defaultPermits();
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
    private Optional<HostCredentials> hostCredentials = Optional.empty();
    private Optional<PluginAuthService> authService = Optional.empty();
    private Optional<TrustOptions> trust = Optional.empty();
    private Consumer<PluginReport> onOutcome = report -> {};

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
                permits,
                new LoaderOptions.HostOptions(hostVersion, hostPackages, hostClassLoader, adapter),
                new LoaderOptions.FetchOptions(
                        connectDeadline, idleDeadline, fetchDeadline, attempts, maxArtifactBytes),
                new LoaderOptions.IdentityOptions(hostCredentials, authService),
                trust.orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "whom to trust is not said: set trust, to"
                                                + " TrustOptions.rootedIn(...) or, where plugins"
                                                + " need no verification, to"
                                                + " TrustOptions.unverified()")),
                startDeadline,
                stopDeadline,
                onOutcome);
    }
}
