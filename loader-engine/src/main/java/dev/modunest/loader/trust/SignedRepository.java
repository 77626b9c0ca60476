package dev.modunest.loader.trust;

import dev.modunest.format.Digest;
import dev.modunest.format.tuf.MetadataDirectory;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TrustedTargets;
import dev.modunest.format.tuf.TufClient;
import dev.modunest.format.tuf.TufException;
import dev.modunest.format.tuf.TufLimits;
import dev.modunest.format.tuf.TufProblem;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.TrustRoot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The registry's TUF repository and what is kept of it, from its first root on. */
final class SignedRepository {

    private static final String PINNED = "pinned";
    private static final String FIRST_ROOT = "/tuf/1.root.json";

    /** For what is only reported: whatever is kept. */
    private static final Duration EVER = Duration.ofDays(36_500);

    private final TrustOptions options;
    private final StateFolder folder;
    private final RegistryFiles files;
    private final MetadataDirectory store;

    SignedRepository(TrustOptions options, StateFolder folder, RegistryFiles files)
            throws IOException {
        this.options = options;
        this.folder = folder;
        this.files = files;
        this.store = new MetadataDirectory(folder.subfolder("tuf"));
    }

    /** Whether there is a root to begin with. */
    sealed interface Start {

        /** There is, as before. */
        record Rooted() implements Start {}

        /** There is, from now on. */
        record Pinned(Digest root) implements Start {}

        /** There is none. */
        record Rootless(String reason) implements Start {}
    }

    /**
     * Brings the first root into the store, when it is not there.
     *
     * @throws IllegalArgumentException when what should be a root is none
     */
    Start start() throws IOException {
        return switch (options.root()) {
            case TrustRoot.Absent _ -> new Start.Rootless("none is wanted");
            case TrustRoot.InFile named -> named(named.file());
            case TrustRoot.FirstUse _ ->
                    store.read(RootMetadata.ROLE).isPresent() ? new Start.Rooted() : firstUse();
        };
    }

    private Start named(Path file) throws IOException {
        byte[] root = Files.readAllBytes(file);
        Digest digest = Digest.ofBytes(root);
        boolean known =
                folder.read(PINNED)
                        .map(text -> new String(text, StandardCharsets.UTF_8))
                        .filter(digest.toString()::equals)
                        .isPresent();
        if (!known || store.read(RootMetadata.ROLE).isEmpty()) {
            pin(root, digest);
        }
        return new Start.Rooted();
    }

    /** Why there is nothing to pin on first use. */
    static Optional<String> absenceOfRoot(RegistryFiles files) {
        try {
            return firstRoot(files).isPresent()
                    ? Optional.empty()
                    : Optional.of("the registry has no " + FIRST_ROOT);
        } catch (IOException away) {
            return Optional.of(
                    "the registry does not show " + FIRST_ROOT + " (" + away.getMessage() + ")");
        }
    }

    private static Optional<byte[]> firstRoot(RegistryFiles files) throws IOException {
        return files.fetch(FIRST_ROOT, TufLimits.DEFAULT.rootBytes());
    }

    private Start firstUse() throws IOException {
        Optional<String> absence = absenceOfRoot(files);
        if (absence.isPresent()) {
            return new Start.Rootless(absence.get());
        }
        byte[] root = firstRoot(files).orElseThrow(() -> new IOException(FIRST_ROOT + " is gone"));
        Digest digest = Digest.ofBytes(root);
        pin(root, digest);
        return new Start.Pinned(digest);
    }

    private void pin(byte[] root, Digest digest) throws IOException {
        SignedDocument document = SignedDocument.parse(root);
        if (!RootMetadata.of(document).root().accepts(document)) {
            throw new IllegalArgumentException("the root is not signed by its own keys");
        }
        store.write(RootMetadata.ROLE, root);
        folder.write(PINNED, digest.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What the repository says now, or said last. */
    RepositoryView refresh() throws IOException {
        TufClient client =
                new TufClient(
                        store,
                        (path, max) -> files.fetch("/tuf/" + path, max),
                        options.clock(),
                        TufLimits.DEFAULT);
        try {
            return new RepositoryView(
                    Optional.of(client.refresh()), targets(), Optional.empty(), Optional.empty());
        } catch (TufException failed) {
            return isAway(failed) ? offline(client, failed) : lied(client, failed);
        }
    }

    private static boolean isAway(TufException failed) {
        return failed.problem() == TufProblem.UNAVAILABLE
                || failed.problem() == TufProblem.METADATA_STALE;
    }

    private RepositoryView offline(TufClient client, TufException away) throws IOException {
        Optional<TrustedTargets> graced = kept(client, options.grace());
        if (graced.isPresent()) {
            return new RepositoryView(
                    graced,
                    targets(),
                    Optional.empty(),
                    Optional.of(new Fault(Fault.Kind.MISSING, code(away), reason(away))));
        }
        Optional<TrustedTargets> late = kept(client, TrustOptions.STALE_LIMIT);
        Fault fault =
                new Fault(
                        late.isPresent() ? Fault.Kind.MISSING : Fault.Kind.WRONG,
                        TufProblem.METADATA_STALE.code(),
                        "no metadata of the registry within its time and the grace of "
                                + options.grace()
                                + " ("
                                + reason(away)
                                + "): connect the host, or set its clock");
        return new RepositoryView(
                late.or(() -> kept(client, EVER)),
                targets(),
                Optional.of(fault),
                Optional.of(fault));
    }

    private RepositoryView lied(TufClient client, TufException failed) throws IOException {
        Fault fault =
                new Fault(
                        Fault.Kind.WRONG,
                        code(failed),
                        reason(failed)
                                + "; if the registry was set up anew, remove "
                                + folder
                                + " to trust its new root");
        return new RepositoryView(
                kept(client, EVER), targets(), Optional.of(fault), Optional.of(fault));
    }

    private static Optional<TrustedTargets> kept(TufClient client, Duration grace) {
        try {
            return Optional.of(client.kept(grace));
        } catch (TufException tooOld) {
            return Optional.empty();
        }
    }

    private TargetCache targets() throws IOException {
        return new TargetCache(
                folder.subfolder("targets"),
                (path, max) -> files.fetch("/tuf/targets/" + path, max));
    }

    private static String code(TufException failed) {
        return failed.problem().code();
    }

    private static String reason(TufException failed) {
        return String.valueOf(failed.getMessage());
    }
}
