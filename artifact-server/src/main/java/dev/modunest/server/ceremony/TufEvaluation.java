package dev.modunest.server.ceremony;

import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.tuf.Metadata;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.RootKeys;
import dev.modunest.format.tuf.write.SigningTerms;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.trust.TrustFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Root and targets of a registry that is only tried out: the holders' keys are all in {@code
 * offline/} of its directory, and sign whatever is due.
 */
public final class TufEvaluation {

    private static final int ROOT_HOLDERS = 5;
    private static final int TARGETS_HOLDERS = 3;

    private final Path directory;
    private final InstantSource clock;
    private final TufCeremony ceremony;
    private final KeyStorage storage = new KeyStorage(Map.of());

    public TufEvaluation(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
        this.ceremony = new TufCeremony(directory, clock);
    }

    /**
     * Makes or renews root and targets where they are missing, due, or say another {@code
     * trusted_root.json} or {@code policy.json} than the directory has.
     */
    public void prepare() throws IOException {
        List<Signer> root = holders("root", ROOT_HOLDERS);
        List<Signer> targets = holders("targets", TARGETS_HOLDERS);
        Optional<Path> publicRoot = ceremony.latest(RootMetadata.ROLE);
        if (publicRoot.isEmpty()) {
            finish(ceremony.firstRoot(rootKeys(root, targets)), root, RootKeys.ROOT_THRESHOLD);
        } else if (isDue(
                RootMetadata.of(TufDraft.document(publicRoot.get())),
                SigningTerms.DEFAULT.root())) {
            finish(ceremony.nextRoot(UnaryOperator.identity()), root, RootKeys.ROOT_THRESHOLD);
        }
        prepareTargets(targets);
    }

    private void prepareTargets(List<Signer> holders) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        for (String name : List.of(Layout.TRUSTED_ROOT, Layout.POLICY)) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                contents.put(name, Files.readAllBytes(file));
            }
        }
        Optional<TargetsMetadata> before =
                ceremony.latest(TargetsMetadata.ROLE)
                        .map(TufDraft::document)
                        .map(TargetsMetadata::of);
        if (before.isEmpty()
                || isDue(before.get(), SigningTerms.DEFAULT.targets())
                || !has(before.get(), contents)) {
            TrustFile file = trustFile();
            VerifyingKey revocations = file.signer(storage, TrustFile.REVOCATIONS).key();
            VerifyingKey bins = file.signer(storage, TrustFile.TUF, Layout.BINS).key();
            finish(
                    ceremony.nextTargets(contents, Optional.of(revocations), Optional.of(bins)),
                    holders,
                    RootKeys.TARGETS_THRESHOLD);
        }
    }

    private static boolean has(TargetsMetadata targets, Map<String, byte[]> contents) {
        return contents.entrySet().stream()
                .allMatch(
                        file ->
                                TargetFile.of(file.getKey(), file.getValue())
                                        .equals(targets.targets().get(file.getKey())));
    }

    private boolean isDue(Metadata metadata, SigningTerms.Term term) {
        return !clock.instant()
                .isBefore(metadata.expires().minus(term.validity()).plus(term.renewal()));
    }

    private void finish(TufDraft draft, List<Signer> holders, int threshold) {
        TufDraft signed = draft;
        for (Signer holder : holders.subList(0, threshold)) {
            signed = signed.sign(holder);
        }
        Path _ = ceremony.publish(signed.file());
    }

    private RootKeys rootKeys(List<Signer> root, List<Signer> targets) {
        TrustFile file = trustFile();
        return new RootKeys(
                keys(RootKeys.ROOT_THRESHOLD, root),
                keys(RootKeys.TARGETS_THRESHOLD, targets),
                RootKeys.single(file.signer(storage, TrustFile.TUF, "snapshot").key()),
                RootKeys.single(file.signer(storage, TrustFile.TUF, "timestamp").key()));
    }

    private static RoleKeys keys(int threshold, List<Signer> holders) {
        return RootKeys.of(threshold, holders.stream().map(Signer::key).toList());
    }

    private List<Signer> holders(String role, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> directory.resolve("offline/tuf-" + role + "-" + i + ".pem"))
                .map(file -> storage.open(new KeyLocation.PemFile(file), new Passphrase.None()))
                .toList();
    }

    private TrustFile trustFile() {
        return TrustFile.find(directory)
                .orElseThrow(() -> new IllegalArgumentException(directory + " has no trust.json"));
    }
}
