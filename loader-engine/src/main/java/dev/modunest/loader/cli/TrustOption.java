package dev.modunest.loader.cli;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.loader.TrustListener;
import dev.modunest.loader.TrustMode;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.TrustOptionsBuilder;
import dev.modunest.loader.TrustRoot;
import dev.modunest.loader.TrustWarning;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Whom to trust, as options that several commands share. */
final class TrustOption {

    /** How plugins are judged. */
    enum Mode {
        strict,
        permissive,
        audit,
        unverified
    }

    private final InstantSource clock;

    TrustOption(InstantSource clock) {
        this.clock = clock;
    }

    @Option(
            names = "--trust-root",
            paramLabel = "FILE",
            description = {
                "The registry's 1.root.json, or a newer root, that came by another way.",
                "Default: the one that the registry shows the first time, from then on no other."
            })
    private @Nullable Path root;

    @Option(
            names = "--trust",
            paramLabel = "MODE",
            description = {
                "strict, permissive, audit or unverified.",
                "Default: strict where the registry has a trust root, else unverified."
            })
    private @Nullable Mode mode;

    @Option(
            names = "--accept-permissions",
            description = "Accept plugins that ask for more permissions than before.")
    private boolean acceptPermissions;

    @Mixin private final ProofOption proof = new ProofOption();

    /**
     * The options.
     *
     * @param home the folder of this host
     * @param err told of pinned roots and of what is taken down
     */
    TrustOptions options(Path home, URI registry, PrintWriter err) {
        Mode asked = mode;
        if (asked == Mode.unverified) {
            return TrustOptions.unverified();
        }
        TrustMode judged =
                switch (asked == null ? Mode.strict : asked) {
                    case strict -> TrustMode.STRICT;
                    case permissive -> TrustMode.PERMISSIVE;
                    case audit, unverified -> TrustMode.AUDIT;
                };
        return proof.applied(
                        builder(
                                Optional.ofNullable(root),
                                home,
                                registry,
                                asked == Mode.strict || asked == Mode.permissive))
                .clock(clock)
                .scope(TrustOptions.Scope.of(judged))
                .accept(new TrustOptions.Acceptance(acceptPermissions, false))
                .listener(new Told(registry, err))
                .build();
    }

    /** Trust for one file that is to be explained: without a root there is nothing to say. */
    static TrustOptions strict(
            Optional<Path> root,
            ProofOption proof,
            Path home,
            URI registry,
            InstantSource clock,
            PrintWriter err) {
        return proof.applied(builder(root, home, registry, true))
                .clock(clock)
                .listener(new Told(registry, err))
                .build();
    }

    private static TrustOptionsBuilder builder(
            Optional<Path> root, Path home, URI registry, boolean required) {
        String authority = registry.getHost() + "_" + registry.getPort();
        Path folder = home.resolve("trust").resolve(authority.replaceAll("[^A-Za-z0-9._-]", "-"));
        return TrustOptions.beginning(
                root.<TrustRoot>map(TrustRoot.InFile::new)
                        .orElseGet(() -> new TrustRoot.FirstUse(required)),
                folder);
    }

    /** Tells each thing in one line. */
    private record Told(URI registry, PrintWriter err) implements TrustListener {

        private void tell(String line) {
            err.println(line);
            err.flush();
        }

        @Override
        public void rootPinned(Digest root) {
            tell("Pinned the trust root of " + registry + ": " + root);
        }

        @Override
        public void unverified(String reason) {
            tell("Unverified: " + reason + "; digests and archives are checked, and no signatures");
        }

        @Override
        public void refreshFailed(TrustWarning why) {
            tell("Trust: " + why);
        }

        @Override
        public void revoked(Coordinate plugin, TrustWarning why, List<Coordinate> stopped) {
            tell("Revoked: " + why + (stopped.isEmpty() ? "" : "; stopped " + stopped));
        }
    }
}
