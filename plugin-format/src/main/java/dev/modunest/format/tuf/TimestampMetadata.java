package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;

/** The snapshot of the moment (specification 4.6). */
public record TimestampMetadata(long version, Instant expires, MetaFile snapshot)
        implements Metadata {

    public static final String ROLE = "timestamp";

    /**
     * Reads what a document says, whoever signed it.
     *
     * @throws IllegalArgumentException when it is no timestamp
     */
    public static TimestampMetadata of(SignedDocument document) {
        JsonNode signed = document.content();
        MetadataFields.header(signed, ROLE);
        MetaFile snapshot = MetaFile.parseAll(signed).get(SnapshotMetadata.ROLE);
        if (snapshot == null) {
            throw new IllegalArgumentException("'meta' has no snapshot.json");
        }
        return new TimestampMetadata(
                MetadataFields.positive(signed, "version"),
                MetadataFields.expires(signed),
                snapshot);
    }
}
