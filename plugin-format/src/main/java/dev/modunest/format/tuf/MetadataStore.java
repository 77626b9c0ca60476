package dev.modunest.format.tuf;

import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the metadata that a client trusts, byte for byte, by role. Used by one update at a time;
 * different delegated roles may be read and written at once.
 */
public interface MetadataStore {

    Optional<byte[]> read(String role) throws IOException;

    /** Replaces what is kept, whole or not at all, and survives a loss of power. */
    void write(String role, byte[] document) throws IOException;

    /** Does nothing when nothing is kept. */
    void remove(String role) throws IOException;
}
