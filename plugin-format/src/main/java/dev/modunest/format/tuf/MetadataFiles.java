package dev.modunest.format.tuf;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;

/**
 * What is kept and what the repository has, with the problems of both told by role.
 *
 * @param asked whether a repository is asked at all
 */
record MetadataFiles(MetadataStore store, RepositoryReader repository, boolean asked) {

    static MetadataFiles of(MetadataStore store, RepositoryReader repository) {
        return new MetadataFiles(store, repository, true);
    }

    /** The same without the repository. */
    MetadataFiles keptOnly() {
        return new MetadataFiles(store, (path, maxBytes) -> Optional.empty(), false);
    }

    Optional<byte[]> kept(String role) throws TufException {
        try {
            return store.read(role);
        } catch (IOException failed) {
            throw notKept(role, failed);
        }
    }

    void keep(String role, byte[] document) throws TufException {
        try {
            store.write(role, document);
        } catch (IOException failed) {
            throw notKept(role, failed);
        }
    }

    void forget(String role) throws TufException {
        try {
            store.remove(role);
        } catch (IOException failed) {
            throw notKept(role, failed);
        }
    }

    private static TufException notKept(String role, IOException failed) {
        return new TufException(
                TufProblem.NOT_KEPT, role, String.valueOf(failed.getMessage()), failed);
    }

    /** A file of the repository, or nothing when it has none. */
    Optional<byte[]> fetch(String role, String path, int maxBytes) throws TufException {
        return fetch(repository, role, path, maxBytes);
    }

    /** A file of any reader, whose bound is not taken on trust. */
    static Optional<byte[]> fetch(RepositoryReader reader, String role, String path, int maxBytes)
            throws TufException {
        Optional<byte[]> content;
        try {
            content = reader.fetch(path, maxBytes);
        } catch (IOException failed) {
            throw new TufException(
                    TufProblem.UNAVAILABLE,
                    role,
                    path + ": " + String.valueOf(failed.getMessage()),
                    failed);
        }
        if (content.isPresent() && content.get().length > maxBytes) {
            throw new TufException(
                    TufProblem.UNAVAILABLE, role, path + " is longer than " + maxBytes + " bytes");
        }
        return content;
    }

    /**
     * A file that must be there.
     *
     * @param unfit why what is kept does not do, which is the problem where no repository is asked
     */
    byte[] require(String role, String path, int maxBytes, @Nullable TufException unfit)
            throws TufException {
        Optional<byte[]> content = fetch(role, path, maxBytes);
        if (content.isPresent()) {
            return content.get();
        }
        if (unfit != null && !asked) {
            throw unfit;
        }
        throw new TufException(TufProblem.UNAVAILABLE, role, path + " is missing");
    }
}
