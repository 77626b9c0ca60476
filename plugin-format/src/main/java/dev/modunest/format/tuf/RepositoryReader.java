package dev.modunest.format.tuf;

import java.io.IOException;
import java.util.Optional;

/** Reads the files of a repository, by HTTP or from a store. */
@FunctionalInterface
public interface RepositoryReader {

    /**
     * The content of a file; empty when it is not there (HTTP 403 and 404).
     *
     * @param path relative to the base of the repository, percent-encoded (RFC 3986)
     * @param maxBytes of the content; no more is read
     * @throws IOException when it cannot be read in time, or is longer
     */
    Optional<byte[]> fetch(String path, int maxBytes) throws IOException;
}
