package dev.modunest.format.tuf;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Metadata that a client keeps, in memory. */
final class MemoryStore implements MetadataStore {

    final Map<String, byte[]> documents = new HashMap<>();

    @Override
    public Optional<byte[]> read(String role) {
        return Optional.ofNullable(documents.get(role));
    }

    @Override
    public void write(String role, byte[] document) {
        documents.put(role, document);
    }

    @Override
    public void remove(String role) {
        documents.remove(role);
    }

    /** 0 when nothing is kept. */
    long version(String role) {
        return read(role)
                .map(bytes -> SignedDocument.parse(bytes).signed().path("version").asLong())
                .orElse(0L);
    }
}
