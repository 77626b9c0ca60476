package dev.modunest.server.freshness;

import dev.modunest.db.trust.SignedRevocations;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.MetadataKey;
import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.write.Batch;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.OnlineSigners;
import dev.modunest.format.tuf.write.RepositoryFile;
import dev.modunest.format.tuf.write.RepositoryWriter;
import dev.modunest.format.tuf.write.RevocationsWriter;
import dev.modunest.server.attest.CheckPolicy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Makes public what the holders of keys signed, when hosts that have it can follow: what would part
 * them from the online keys waits. Not thread-safe.
 */
final class Adoption {

    private final SignedFolder folder;
    private final OnlineSigners signers;
    private final RepositoryWriter writer;
    private final RevocationsRole revocations;
    private SignedDocument root;
    private SignedDocument targets;

    private Adoption(
            SignedFolder folder,
            OnlineSigners signers,
            RepositoryWriter writer,
            RevocationsRole revocations,
            SignedDocument root,
            SignedDocument targets) {
        this.folder = folder;
        this.signers = signers;
        this.writer = writer;
        this.revocations = revocations;
        this.root = root;
        this.targets = targets;
    }

    /** Goes on from what is public. */
    static Adoption resume(
            SignedFolder folder,
            OnlineSigners signers,
            RepositoryWriter writer,
            RevocationsRole revocations,
            SignedDocument root,
            SignedDocument targets) {
        return new Adoption(folder, signers, writer, revocations, root, targets);
    }

    /**
     * Begins a repository.
     *
     * @throws IllegalStateException with what is missing
     */
    static Adoption first(
            SignedFolder folder,
            OnlineSigners signers,
            RepositoryWriter writer,
            RevocationsRole revocations) {
        List<SignedDocument> roots = folder.rootsAfter(Optional.empty());
        Optional<SignedDocument> targets = folder.targetsAfter(0);
        if (roots.isEmpty() || targets.isEmpty()) {
            throw new IllegalStateException(
                    folder.folder()
                            + " has no signed root and targets; make them with ./modunest ceremony tuf");
        }
        return new Adoption(folder, signers, writer, revocations, roots.getLast(), targets.get());
    }

    /** The first files. */
    Round start(RepositoryReader store) {
        requireOwnKeys(root);
        TargetsMetadata metadata = checked(targets, root);
        SignedRevocations revoked =
                revocations
                        .next(keys(metadata, Layout.REVOCATIONS))
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "nobody has signed revoked.json; the key of revocations is not here: run ./modunest revocations sign where it is"));
        Batch batch = writer.start(targets, SignedDocument.parse(revoked.document()));
        Round round = new Round(store, batch.next());
        folder.rootsAfter(Optional.empty()).forEach(document -> put(round, document));
        folder.contents(metadata).forEach(round::put);
        putPolicy(round);
        putRevoked(round, revoked);
        round.add(batch);
        return round;
    }

    private static void put(Round round, SignedDocument document) {
        long version = RootMetadata.of(document).version();
        round.put(new RepositoryFile(RolePath.of(RootMetadata.ROLE, version), document.bytes()));
    }

    /** Summaries name the policy, also while the targets do not. */
    private static void putPolicy(Round round) {
        byte[] policy = CheckPolicy.document();
        round.put(RepositoryFile.ofTarget(TargetFile.of(Layout.POLICY, policy), policy));
    }

    private void putRevoked(Round round, SignedRevocations revoked) {
        round.put(RevocationsWriter.content(revoked.content()));
        revocations.published(SignedDocument.parse(revoked.document()));
    }

    /**
     * Takes what is new in the folder, and the policy of this server.
     *
     * @throws IllegalStateException when what is there has to wait, with what for
     */
    void adopt(Round round) throws IOException {
        if (round.fetch(policyPath(), Integer.MAX_VALUE).isEmpty()) {
            putPolicy(round);
        }
        List<SignedDocument> roots = folder.rootsAfter(Optional.of(root));
        if (!roots.isEmpty()) {
            adoptRoot(round, roots);
        }
        Optional<SignedDocument> next = folder.targetsAfter(TargetsMetadata.of(targets).version());
        if (next.isPresent()) {
            adoptTargets(round, next.get());
        }
    }

    private static String policyPath() {
        TargetFile file = TargetFile.of(Layout.POLICY, CheckPolicy.document());
        return RepositoryFile.ofTarget(file, new byte[0]).path();
    }

    private void adoptRoot(Round round, List<SignedDocument> roots) {
        SignedDocument newest = roots.getLast();
        requireOwnKeys(newest);
        RoleKeys keys = RootMetadata.of(newest).targets();
        boolean followed =
                keys.accepts(targets)
                        || folder.targetsAfter(TargetsMetadata.of(targets).version())
                                .filter(keys::accepts)
                                .isPresent();
        if (!followed) {
            throw new IllegalStateException(
                    "root "
                            + SignedFolder.version(Optional.of(newest))
                            + " gives targets to other keys; it waits for targets that they sign");
        }
        roots.forEach(document -> put(round, document));
        root = newest;
        round.add(writer.resign(round.state()));
    }

    private void adoptTargets(Round round, SignedDocument next) throws IOException {
        TargetsMetadata metadata = checked(next, root);
        RoleKeys keys = keys(metadata, Layout.REVOCATIONS);
        Optional<SignedRevocations> revoked =
                revocations.isAcceptedBy(keys) ? Optional.empty() : revocations.next(keys);
        if (revoked.isEmpty() && !revocations.isAcceptedBy(keys)) {
            throw new IllegalStateException(
                    "targets "
                            + metadata.version()
                            + " give revocations to another key; they wait for ./modunest revocations sign with it");
        }
        folder.contents(metadata).forEach(round::put);
        RoleKeys former = keys(TargetsMetadata.of(targets), Layout.BINS);
        RoleKeys ofRole = RootMetadata.of(root).targets();
        round.add(
                names(former, signers.bins())
                        ? writer.adopt(round.state(), TargetsMetadata.ROLE, next, ofRole)
                        : writer.rotateBins(round.state(), next, ofRole, former, round));
        targets = next;
        if (revoked.isPresent()) {
            adoptRevocations(round, revoked.get());
        }
    }

    /** Makes public what is to be revoked, when that has changed. */
    void adoptRevocations(Round round) {
        revocations.next(revocationsKeys()).ifPresent(signed -> adoptRevocations(round, signed));
    }

    private void adoptRevocations(Round round, SignedRevocations signed) {
        round.add(
                writer.adopt(
                        round.state(),
                        Layout.REVOCATIONS,
                        SignedDocument.parse(signed.document()),
                        revocationsKeys()));
        putRevoked(round, signed);
    }

    private RoleKeys revocationsKeys() {
        return keys(TargetsMetadata.of(targets), Layout.REVOCATIONS);
    }

    /** Targets that the keys of {@code root} signed and that give the bins to this server. */
    private TargetsMetadata checked(SignedDocument document, SignedDocument root) {
        TargetsMetadata metadata = TargetsMetadata.of(document);
        RoleKeys keys = RootMetadata.of(root).targets();
        if (!keys.accepts(document)) {
            throw new IllegalStateException(
                    "targets "
                            + metadata.version()
                            + " are signed by "
                            + keys.countSignatures(document)
                            + " keys of the root, and "
                            + keys.threshold()
                            + " must");
        }
        require(
                "targets " + metadata.version(),
                Layout.BINS,
                keys(metadata, Layout.BINS),
                signers.bins());
        return metadata;
    }

    /**
     * @throws IllegalStateException when the root names other keys of snapshot and timestamp than
     *     this server has
     */
    void requireOwnKeys() {
        requireOwnKeys(root);
        require(
                "the public targets",
                Layout.BINS,
                keys(TargetsMetadata.of(targets), Layout.BINS),
                signers.bins());
    }

    private void requireOwnKeys(SignedDocument document) {
        RootMetadata metadata = RootMetadata.of(document);
        String name = "root " + metadata.version();
        require(name, "snapshot", metadata.snapshot(), signers.snapshot());
        require(name, "timestamp", metadata.timestamp(), signers.timestamp());
    }

    private static void require(String document, String role, RoleKeys keys, Signer own) {
        if (!names(keys, own)) {
            throw new IllegalStateException(
                    document
                            + " gives "
                            + role
                            + " to another key than that of the trust directory as this server read it; start the servers again with the key that it names");
        }
    }

    private static boolean names(RoleKeys keys, Signer own) {
        return keys.threshold() == 1 && keys.keys().contains(MetadataKey.of(own.key()));
    }

    private static RoleKeys keys(TargetsMetadata targets, String role) {
        return targets.delegations()
                .flatMap(delegations -> delegations.keysOf(role))
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "targets "
                                                + targets.version()
                                                + " do not delegate "
                                                + role));
    }
}
