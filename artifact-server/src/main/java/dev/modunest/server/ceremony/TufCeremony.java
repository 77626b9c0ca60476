package dev.modunest.server.ceremony;

import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.RepositoryFile;
import dev.modunest.format.tuf.write.RootCeremony;
import dev.modunest.format.tuf.write.RootKeys;
import dev.modunest.format.tuf.write.SigningTerms;
import dev.modunest.format.tuf.write.TufDocuments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Root and targets of TUF, from draft to publication, in {@code tuf/} of a trust directory: what is
 * public as {@code /tuf/} will have it, and {@code tuf/draft/} with what is still to be signed.
 */
public final class TufCeremony {

    private static final SigningTerms TERMS = SigningTerms.DEFAULT;

    private final Path folder;
    private final InstantSource clock;

    public TufCeremony(Path trustDirectory, InstantSource clock) {
        this.folder = trustDirectory.resolve("tuf");
        this.clock = clock;
    }

    /** The draft of the first root. Throws IllegalArgumentException when there is one. */
    public TufDraft firstRoot(RootKeys keys) {
        if (latest(RootMetadata.ROLE).isPresent()) {
            throw new IllegalArgumentException(
                    "there is a root already; draft the next with 'root'");
        }
        return rootDraft(1, keys, Optional.empty());
    }

    /** The draft of the next root: the keys of the one that is public, changed or not. */
    public TufDraft nextRoot(UnaryOperator<RootKeys> change) {
        SignedDocument document = publicRoot();
        RootMetadata root = RootMetadata.of(document);
        RootKeys keys =
                change.apply(
                        new RootKeys(
                                root.root(), root.targets(), root.snapshot(), root.timestamp()));
        return rootDraft(root.version() + 1, keys, Optional.of(document));
    }

    private TufDraft rootDraft(long version, RootKeys keys, Optional<SignedDocument> before) {
        return draft(
                RootMetadata.ROLE,
                version,
                TufDocuments.root(version, clock.instant().plus(TERMS.root().validity()), keys),
                before);
    }

    /**
     * The draft of the next targets.
     *
     * @param contents by target; those that are not named stay as they are public
     * @param revocations the key of the role; empty: the one that it has
     * @param bins likewise
     */
    public TufDraft nextTargets(
            Map<String, byte[]> contents,
            Optional<VerifyingKey> revocations,
            Optional<VerifyingKey> bins) {
        Optional<TargetsMetadata> before =
                latest(TargetsMetadata.ROLE).map(TufDraft::document).map(TargetsMetadata::of);
        Map<String, TargetFile> files =
                before.map(TargetsMetadata::targets).orElse(Map.of()).values().stream()
                        .collect(Collectors.toMap(TargetFile::path, file -> file));
        contents.forEach((path, content) -> files.put(path, keep(path, content)));
        long version = before.map(TargetsMetadata::version).orElse(0L) + 1;
        return draft(
                TargetsMetadata.ROLE,
                version,
                TufDocuments.targets(
                        version,
                        clock.instant().plus(TERMS.targets().validity()),
                        files.values(),
                        delegated(Layout.REVOCATIONS, revocations, before),
                        delegated(Layout.BINS, bins, before)),
                latest(RootMetadata.ROLE).map(TufDraft::document));
    }

    private static RoleKeys delegated(
            String role, Optional<VerifyingKey> key, Optional<TargetsMetadata> before) {
        return key.map(RootKeys::single)
                .or(
                        () ->
                                before.flatMap(TargetsMetadata::delegations)
                                        .flatMap(delegations -> delegations.keysOf(role)))
                .orElseThrow(
                        () -> new IllegalArgumentException("the role " + role + " needs a key"));
    }

    private TargetFile keep(String path, byte[] content) {
        TargetFile file = TargetFile.of(path, content);
        write(RepositoryFile.ofTarget(file, content));
        return file;
    }

    private TufDraft draft(
            String role, long version, SignedDocument document, Optional<SignedDocument> before) {
        Path file = folder.resolve("draft").resolve(RolePath.of(role, version));
        TufDraft draft = new TufDraft(file, document, before);
        draft.write();
        return draft;
    }

    /**
     * Makes a draft public in the directory when both sets of keys have signed enough.
     *
     * @return the file
     * @throws IllegalArgumentException with what is missing
     */
    public Path publish(Path file) {
        TufDraft draft = TufDraft.read(file, latest(RootMetadata.ROLE));
        List<String> missing = new ArrayList<>();
        for (RootCeremony.Signatures set : draft.signatures()) {
            if (!set.enough()) {
                missing.add(set.toString());
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    draft.role() + " " + draft.version() + " has " + String.join(", ", missing));
        }
        if (draft.role().equals(TargetsMetadata.ROLE)) {
            checkTargets(draft);
        }
        String path = RolePath.of(draft.role(), draft.version());
        write(new RepositoryFile(path, draft.document().bytes()));
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw new IllegalArgumentException(file + " cannot be removed: " + failed, failed);
        }
        return folder.resolve(path);
    }

    private void checkTargets(TufDraft draft) {
        TargetsMetadata targets = TargetsMetadata.of(draft.document());
        long next = version(TargetsMetadata.ROLE) + 1;
        if (targets.version() != next) {
            throw new IllegalArgumentException(
                    "the draft has version " + targets.version() + ", and " + next + " is next");
        }
    }

    /** The root that is public. Throws IllegalArgumentException when there is none yet. */
    public SignedDocument publicRoot() {
        return latest(RootMetadata.ROLE)
                .map(TufDraft::document)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        folder + " has no root yet; begin with 'init'"));
    }

    /** The file of the newest version of root or targets that is public. */
    public Optional<Path> latest(String role) {
        long version = version(role);
        return version == 0
                ? Optional.empty()
                : Optional.of(folder.resolve(RolePath.of(role, version)));
    }

    private long version(String role) {
        long version = 0;
        while (Files.exists(folder.resolve(RolePath.of(role, version + 1)))) {
            version++;
        }
        return version;
    }

    private void write(RepositoryFile file) {
        Path target = folder.resolve(file.path());
        try {
            Files.createDirectories(target.getParent());
            Files.write(target, file.content());
        } catch (IOException failed) {
            throw new IllegalArgumentException(target + " cannot be written: " + failed, failed);
        }
    }
}
