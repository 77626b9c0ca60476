package dev.modunest.format.tuf.write;

import dev.modunest.format.tuf.HashBins;
import dev.modunest.format.tuf.Hashes;
import dev.modunest.format.tuf.MetaFile;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.SnapshotMetadata;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.TimestampMetadata;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One batch in the making: contents of targets, then roles, then snapshot, then timestamp. */
final class BatchAssembly {

    private final OnlineSigners signers;
    private final SigningTerms terms;
    private final Instant now;
    private final Map<String, RoleState> roles;
    private final List<RepositoryFile> contents = new ArrayList<>();
    private final List<RepositoryFile> documents = new ArrayList<>();

    BatchAssembly(
            OnlineSigners signers, SigningTerms terms, Instant now, Map<String, RoleState> roles) {
        this.signers = signers;
        this.terms = terms;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
        this.roles = new HashMap<>(roles);
    }

    void change(String bin, Map<String, TargetFile> before, List<TargetChange> changes) {
        Map<String, TargetFile> after = new HashMap<>(before);
        for (TargetChange change : changes) {
            switch (change) {
                case TargetChange.Put put -> put(put, after);
                case TargetChange.Remove(String path) -> after.remove(path);
            }
        }
        if (!after.equals(before)) {
            signBin(bin, after.values());
        }
    }

    private void put(TargetChange.Put put, Map<String, TargetFile> targets) {
        TargetFile file = TargetFile.of(put.path(), put.content());
        if (!file.equals(targets.put(put.path(), file))) {
            contents.add(RepositoryFile.ofTarget(file, put.content()));
        }
    }

    void signBin(String bin, Collection<TargetFile> targets) {
        sign(bin, TufDocuments.leaf(next(bin), now.plus(terms.bins().validity()), targets));
    }

    /** The role that delegates to the bins. */
    void signBins(HashBins bins) {
        Instant expires = now.plus(terms.bins().validity());
        sign(Layout.BINS, TufDocuments.bins(next(Layout.BINS), expires, bins.keys()));
    }

    private void sign(String role, SignedDocument document) {
        adopt(role, document.signedBy(signers.bins()));
    }

    private long next(String role) {
        RoleState before = roles.get(role);
        return before == null ? 1 : before.next();
    }

    /** A document with all its signatures. */
    void adopt(String role, SignedDocument document) {
        TargetsMetadata metadata = TargetsMetadata.of(document);
        long version = metadata.version();
        documents.add(new RepositoryFile(RolePath.of(role, version), document.bytes()));
        roles.put(role, new RoleState(version, version, metadata.expires()));
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    /** With a new snapshot and timestamp. */
    Batch finish(long snapshotVersion, long timestampVersion) {
        Instant expires = now.plus(terms.snapshot().validity());
        Map<String, Long> versions = new HashMap<>();
        roles.forEach((role, state) -> versions.put(role, state.version()));
        byte[] bytes =
                TufDocuments.snapshot(snapshotVersion, expires, versions)
                        .signedBy(signers.snapshot())
                        .bytes();
        documents.add(
                new RepositoryFile(RolePath.of(SnapshotMetadata.ROLE, snapshotVersion), bytes));
        return finish(
                new RoleState(snapshotVersion, snapshotVersion, expires), bytes, timestampVersion);
    }

    /** With a new timestamp of a snapshot that is public, or just before it. */
    Batch finish(RoleState snapshot, byte[] snapshotBytes, long timestampVersion) {
        Instant expires = now.plus(terms.timestamp().validity());
        MetaFile file =
                new MetaFile(
                        snapshot.version(),
                        OptionalLong.of(snapshotBytes.length),
                        Optional.of(Hashes.of(snapshotBytes)));
        byte[] document =
                TufDocuments.timestamp(timestampVersion, expires, file)
                        .signedBy(signers.timestamp())
                        .bytes();
        List<RepositoryFile> files = new ArrayList<>(contents);
        files.addAll(documents);
        files.add(new RepositoryFile(RolePath.of(TimestampMetadata.ROLE), document));
        RoleState timestamp = new RoleState(timestampVersion, timestampVersion, expires);
        return new Batch(files, new RepositoryState(timestamp, snapshot, roles));
    }
}
