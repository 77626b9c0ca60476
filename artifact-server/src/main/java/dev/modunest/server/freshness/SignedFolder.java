package dev.modunest.server.freshness;

import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.TufException;
import dev.modunest.format.tuf.write.RepositoryFile;
import dev.modunest.format.tuf.write.RootCeremony;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** {@code tuf/} of a trust directory: what holders signed, checked before anybody sees it. */
record SignedFolder(Path folder) {

    /**
     * Roots that follow {@code before}, each signed by enough keys of itself and of the one before.
     *
     * @throws IllegalStateException with the signatures that are missing
     */
    List<SignedDocument> rootsAfter(Optional<SignedDocument> before) {
        List<SignedDocument> roots = new ArrayList<>();
        Optional<SignedDocument> last = before;
        Optional<SignedDocument> next = root(last);
        while (next.isPresent()) {
            for (RootCeremony.Signatures set : RootCeremony.signatures(last, next.get())) {
                if (!set.enough()) {
                    throw new IllegalStateException(
                            RolePath.of(RootMetadata.ROLE, version(last) + 1) + " has " + set);
                }
            }
            roots.add(next.get());
            last = next;
            next = root(last);
        }
        return roots;
    }

    private Optional<SignedDocument> root(Optional<SignedDocument> before) {
        return document(RolePath.of(RootMetadata.ROLE, version(before) + 1));
    }

    static long version(Optional<SignedDocument> root) {
        return root.map(RootMetadata::of).map(RootMetadata::version).orElse(0L);
    }

    /** The newest targets after a version. */
    Optional<SignedDocument> targetsAfter(long version) {
        long newest = version;
        while (Files.exists(folder.resolve(RolePath.of(TargetsMetadata.ROLE, newest + 1)))) {
            newest++;
        }
        return newest == version
                ? Optional.empty()
                : document(RolePath.of(TargetsMetadata.ROLE, newest));
    }

    Optional<SignedDocument> document(String path) {
        return read(path).map(SignedDocument::parse);
    }

    /** The contents of targets, which are those that the metadata names. */
    List<RepositoryFile> contents(TargetsMetadata targets) {
        List<RepositoryFile> contents = new ArrayList<>();
        for (TargetFile target : new TreeMap<>(targets.targets()).values()) {
            String path = RepositoryFile.ofTarget(target, new byte[0]).path();
            byte[] content =
                    read(path)
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    folder.resolve(path) + " is missing"));
            try {
                target.check(content);
            } catch (TufException other) {
                throw new IllegalStateException(
                        folder.resolve(path) + " is not what is signed", other);
            }
            contents.add(RepositoryFile.ofTarget(target, content));
        }
        return contents;
    }

    private Optional<byte[]> read(String path) {
        Path file = folder.resolve(path);
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException unreadable) {
            throw new IllegalStateException(file + " cannot be read", unreadable);
        }
    }
}
