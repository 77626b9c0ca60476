package dev.modunest.loader;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.trust.TrustLevel;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a host trusts, and for what; {@code docs/loader/trust.md} has the table.
 *
 * {@snippet :
 * TrustOptions.rootedIn(Path.of("1.root.json"), Path.of("state"))
 *         .namespace("acme", new TrustOptions.Scope(TrustMode.STRICT, TrustLevel.PS_L3))
 *         .minimumAge(Duration.ofDays(2))
 *         .build();
 * }
 *
 * @param root the first trusted root
 * @param home where is kept what was trusted: one folder for each registry, shared by processes
 * @param scope of namespaces that have none of their own
 * @param scopes by namespace
 * @param demands on releases and on the log
 * @param acceptance of what a release may lose or gain
 * @param privateNamespaces that the registry does not name in its repository
 * @param registryName after {@code https://} in the registry's certificates; empty takes it from
 *     the names of its logs
 * @param grace how long ago what is kept may have expired while the registry is away
 * @param watch over what runs
 * @param clock that all of it goes by
 */
public record TrustOptions(
        TrustRoot root,
        Path home,
        Scope scope,
        Map<String, Scope> scopes,
        Demands demands,
        Acceptance acceptance,
        Set<String> privateNamespaces,
        Optional<String> registryName,
        Duration grace,
        Watch watch,
        InstantSource clock) {

    /** How long ago metadata may have expired for {@link TrustMode#PERMISSIVE}. */
    public static final Duration STALE_LIMIT = Duration.ofDays(7);

    public static final Duration DEFAULT_GRACE = Duration.ofHours(24);

    /**
     * How strictly a namespace is judged: {@code new Scope(TrustMode.STRICT, TrustLevel.PS_L3)}.
     *
     * @param minimum the least level that is let in
     */
    public record Scope(TrustMode mode, TrustLevel minimum) {

        public static final Scope STRICT = new Scope(TrustMode.STRICT, TrustLevel.PS_L2);

        public Scope {
            if (minimum == TrustLevel.PS_L0) {
                throw new IllegalArgumentException("PS_L0 is blocked: the least level is PS_L1");
            }
        }

        public static Scope of(TrustMode mode) {
            return new Scope(mode, TrustLevel.PS_L2);
        }
    }

    /**
     * What must be, besides the level: {@code new Demands(Duration.ofDays(2), Map.of(), Set.of(),
     * List.of(), List.of(), 0, Set.of())}.
     *
     * @param age since the release was published
     * @param versions the least version of a plugin
     * @param rules digests of rules by which the registry checked once, besides those of its
     *     repository
     * @param logKeys further keys of the log, all of which must have signed its heads
     * @param witnesses who may co-sign the log
     * @param quorum how many of them must
     * @param builders whose provenance counts: ids of builders, or what ids begin with before a
     *     slash or an at sign
     */
    public record Demands(
            Duration age,
            Map<PluginId, Version> versions,
            Set<Digest> rules,
            List<NoteKey> logKeys,
            List<NoteKey> witnesses,
            int quorum,
            Set<String> builders) {

        public static final Demands NONE =
                new Demands(Duration.ZERO, Map.of(), Set.of(), List.of(), List.of(), 0, Set.of());

        public Demands {
            requireNotNegative("minimum release age", age);
            versions = Map.copyOf(versions);
            rules = Set.copyOf(rules);
            logKeys = List.copyOf(logKeys);
            witnesses = List.copyOf(witnesses);
            builders = Set.copyOf(builders);
            if (builders.contains("")) {
                throw new IllegalArgumentException("an empty builder would be everybody");
            }
            if (quorum < 0 || quorum > witnesses.size()) {
                throw new IllegalArgumentException(
                        "a quorum of " + quorum + " of " + witnesses.size() + " witnesses");
            }
        }
    }

    /**
     * What a release may be, compared with the one of the plugin that was trusted before: {@code
     * new Acceptance(true, false)}.
     *
     * @param grownCapabilities more permissions
     * @param lostProvenance a lower level
     */
    public record Acceptance(boolean grownCapabilities, boolean lostProvenance) {

        public static final Acceptance NOTHING = new Acceptance(false, false);
    }

    /** What becomes of a running plugin that the registry takes down. */
    public enum OnRevoked {
        /** The listener is told. */
        REPORT,
        /** It is stopped with its dependents, and the listener is told. */
        STOP
    }

    /**
     * What happens while plugins run: {@code new Watch(Duration.ofSeconds(60), OnRevoked.STOP,
     * listener)}.
     *
     * @param refresh between two looks at the registry; zero looks at loads alone
     */
    public record Watch(Duration refresh, OnRevoked onRevoked, TrustListener listener) {

        public static final Watch DEFAULT =
                new Watch(Duration.ofSeconds(20), OnRevoked.REPORT, TrustListener.NONE);

        public Watch {
            requireNotNegative("refresh", refresh);
        }
    }

    public TrustOptions {
        scopes = Map.copyOf(scopes);
        privateNamespaces = Set.copyOf(privateNamespaces);
        requireNotNegative("grace", grace);
        if (scope.mode() == TrustMode.SKIP && !(root instanceof TrustRoot.Absent)) {
            throw new IllegalArgumentException(
                    "skip is for a namespace, never for all: name it, or say unverified()");
        }
        scopes.keySet().forEach(TrustOptions::requireNamespace);
        privateNamespaces.forEach(TrustOptions::requireNamespace);
    }

    private static void requireNamespace(String namespace) {
        if (!PluginId.isPart(namespace)) {
            throw new IllegalArgumentException(
                    "'" + namespace + "' is no namespace: overrides name one each");
        }
    }

    private static void requireNotNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " is " + value + ": it must not be negative");
        }
    }

    /**
     * Nobody is trusted and nothing but digest and archive is checked; for hosts whose plugins come
     * to them by a way that they trust.
     *
     * {@snippet :
     * LoaderOptions.in(folder).trust(TrustOptions.unverified()).build();
     * }
     */
    public static TrustOptions unverified() {
        return new TrustOptionsBuilder(new TrustRoot.Absent(), Path.of(""))
                .scope(Scope.of(TrustMode.SKIP))
                .build();
    }

    /**
     * Strict trust that begins with a root in a file.
     *
     * @param root {@code 1.root.json} of the registry, or a newer one
     * @param home where is kept what was trusted
     */
    public static TrustOptionsBuilder rootedIn(Path root, Path home) {
        return new TrustOptionsBuilder(new TrustRoot.InFile(root), home);
    }

    /**
     * Strict trust that begins with {@code root}.
     *
     * @param home where is kept what was trusted
     */
    public static TrustOptionsBuilder beginning(TrustRoot root, Path home) {
        return new TrustOptionsBuilder(root, home);
    }

    /**
     * Strict trust in the root that the registry shows first.
     *
     * @param home where is kept what was trusted
     */
    public static TrustOptionsBuilder pinnedOnFirstUse(Path home) {
        return new TrustOptionsBuilder(new TrustRoot.FirstUse(true), home);
    }

    /** How {@code namespace} is judged. */
    public Scope scopeOf(String namespace) {
        return scopes.getOrDefault(namespace, scope);
    }
}
