package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;

/** The keys of the four top-level roles (specification 4.3). */
public record RootMetadata(
        long version,
        Instant expires,
        boolean consistentSnapshot,
        RoleKeys root,
        RoleKeys targets,
        RoleKeys snapshot,
        RoleKeys timestamp)
        implements Metadata {

    public static final String ROLE = "root";

    /**
     * Reads what a document says, whoever signed it.
     *
     * @throws IllegalArgumentException when it is no root
     */
    public static RootMetadata of(SignedDocument document) {
        JsonNode signed = document.content();
        MetadataFields.header(signed, ROLE);
        JsonNode consistent = signed.path("consistent_snapshot");
        if (!consistent.isMissingNode() && !consistent.isBoolean()) {
            throw new IllegalArgumentException("'consistent_snapshot' is not true or false");
        }
        KeyRing keys = KeyRing.parse(signed);
        JsonNode roles = MetadataFields.object(signed, "roles");
        return new RootMetadata(
                MetadataFields.positive(signed, "version"),
                MetadataFields.expires(signed),
                consistent.asBoolean(false),
                keys.of(MetadataFields.object(roles, ROLE)),
                keys.of(MetadataFields.object(roles, TargetsMetadata.ROLE)),
                keys.of(MetadataFields.object(roles, SnapshotMetadata.ROLE)),
                keys.of(MetadataFields.object(roles, TimestampMetadata.ROLE)));
    }

    /** Whether {@code next} takes a key of the timestamp or the snapshot away. */
    boolean rotatesOnlineKeys(RootMetadata next) {
        return timestamp.loses(next.timestamp) || snapshot.loses(next.snapshot);
    }
}
