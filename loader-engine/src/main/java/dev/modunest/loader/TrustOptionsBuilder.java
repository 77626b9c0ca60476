package dev.modunest.loader;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.log.NoteKey;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds {@link TrustOptions}; what is not set has its default. Not thread-safe. */
public final class TrustOptionsBuilder {

    private final TrustRoot root;
    private final Path home;
    private final Map<String, TrustOptions.Scope> scopes = new HashMap<>();
    private final Map<PluginId, Version> versions = new HashMap<>();
    private TrustOptions.Scope scope = TrustOptions.Scope.STRICT;
    private Duration minimumAge = Duration.ZERO;
    private Set<Digest> rules = Set.of();
    private List<NoteKey> logKeys = List.of();
    private List<NoteKey> witnesses = List.of();
    private int quorum;
    private Set<String> builders = Set.of();
    private TrustOptions.Acceptance acceptance = TrustOptions.Acceptance.NOTHING;
    private Set<String> privateNamespaces = Set.of();
    private Optional<String> registryName = Optional.empty();
    private Duration grace = TrustOptions.DEFAULT_GRACE;
    private Duration refresh = TrustOptions.Watch.DEFAULT.refresh();
    private TrustOptions.OnRevoked onRevoked = TrustOptions.Watch.DEFAULT.onRevoked();
    private TrustListener listener = TrustListener.NONE;
    private InstantSource clock = InstantSource.system();

    TrustOptionsBuilder(TrustRoot root, Path home) {
        this.root = root;
        this.home = home;
    }

    public TrustOptionsBuilder scope(TrustOptions.Scope value) {
        scope = value;
        return this;
    }

    /** Judges one namespace otherwise than the rest. */
    public TrustOptionsBuilder namespace(String namespace, TrustOptions.Scope value) {
        scopes.put(namespace, value);
        return this;
    }

    public TrustOptionsBuilder minimumVersion(PluginId plugin, Version version) {
        versions.put(plugin, version);
        return this;
    }

    public TrustOptionsBuilder minimumAge(Duration value) {
        minimumAge = value;
        return this;
    }

    public TrustOptionsBuilder rules(Set<Digest> value) {
        rules = value;
        return this;
    }

    public TrustOptionsBuilder logKeys(List<NoteKey> value) {
        logKeys = value;
        return this;
    }

    public TrustOptionsBuilder witnesses(List<NoteKey> keys, int howMany) {
        witnesses = keys;
        quorum = howMany;
        return this;
    }

    /** Builders whose provenance counts, by id or by what ids begin with. */
    public TrustOptionsBuilder builders(Set<String> value) {
        builders = value;
        return this;
    }

    public TrustOptionsBuilder accept(TrustOptions.Acceptance value) {
        acceptance = value;
        return this;
    }

    public TrustOptionsBuilder privateNamespaces(Set<String> value) {
        privateNamespaces = value;
        return this;
    }

    public TrustOptionsBuilder registryName(String value) {
        registryName = Optional.of(value);
        return this;
    }

    public TrustOptionsBuilder grace(Duration value) {
        grace = value;
        return this;
    }

    public TrustOptionsBuilder refresh(Duration value) {
        refresh = value;
        return this;
    }

    public TrustOptionsBuilder onRevoked(TrustOptions.OnRevoked value) {
        onRevoked = value;
        return this;
    }

    public TrustOptionsBuilder listener(TrustListener value) {
        listener = value;
        return this;
    }

    public TrustOptionsBuilder clock(InstantSource value) {
        clock = value;
        return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the option that is out of bounds
     */
    public TrustOptions build() {
        return new TrustOptions(
                root,
                home,
                scope,
                scopes,
                new TrustOptions.Demands(
                        minimumAge, versions, rules, logKeys, witnesses, quorum, builders),
                acceptance,
                privateNamespaces,
                registryName,
                grace,
                new TrustOptions.Watch(refresh, onRevoked, listener),
                clock);
    }
}
