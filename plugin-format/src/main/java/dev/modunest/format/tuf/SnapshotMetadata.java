package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.Map;

/**
 * The versions of all targets roles that belong together (specification 4.4).
 *
 * @param roles by role name, without {@code .json}
 */
public record SnapshotMetadata(long version, Instant expires, Map<String, MetaFile> roles)
        implements Metadata {

    public static final String ROLE = "snapshot";

    public SnapshotMetadata {
        roles = Map.copyOf(roles);
    }

    /**
     * Reads what a document says, whoever signed it.
     *
     * @throws IllegalArgumentException when it is no snapshot
     */
    public static SnapshotMetadata of(SignedDocument document) {
        JsonNode signed = document.content();
        MetadataFields.header(signed, ROLE);
        return new SnapshotMetadata(
                MetadataFields.positive(signed, "version"),
                MetadataFields.expires(signed),
                MetaFile.parseAll(signed));
    }

    /** Checks that {@code next} names every role of this, in no older version. */
    void checkNotRolledBack(SnapshotMetadata next) throws TufException {
        for (Map.Entry<String, MetaFile> role : roles.entrySet()) {
            MetaFile file = next.roles.get(role.getKey());
            if (file == null) {
                throw new TufException(
                        TufProblem.ROLLBACK,
                        ROLE,
                        "names no " + role.getKey() + " any more, which it did");
            }
            if (file.version() < role.getValue().version()) {
                throw new TufException(
                        TufProblem.ROLLBACK,
                        ROLE,
                        "names version "
                                + file.version()
                                + " of "
                                + role.getKey()
                                + " and named "
                                + role.getValue().version());
            }
        }
    }
}
