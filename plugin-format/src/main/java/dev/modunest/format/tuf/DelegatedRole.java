package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Set;

/**
 * A role that another trusts with some targets.
 *
 * @param terminating whether nobody after it is asked of these targets
 */
public record DelegatedRole(String name, RoleKeys keys, boolean terminating, TargetPaths paths) {

    private static final int MAX_NAME = 200;
    private static final Set<String> TOP_LEVEL =
            Set.of(
                    RootMetadata.ROLE,
                    TargetsMetadata.ROLE,
                    SnapshotMetadata.ROLE,
                    TimestampMetadata.ROLE);

    public DelegatedRole {
        if (name.isEmpty() || TOP_LEVEL.contains(name) || RolePath.of(name).length() > MAX_NAME) {
            throw new IllegalArgumentException("a delegated role may not be named '" + name + "'");
        }
    }

    static DelegatedRole parse(JsonNode json, KeyRing keys) {
        JsonNode terminating = json.path("terminating");
        if (!terminating.isBoolean()) {
            throw new IllegalArgumentException("'terminating' is not true or false");
        }
        return new DelegatedRole(
                MetadataFields.text(json, "name"),
                keys.of(json),
                terminating.booleanValue(),
                TargetPaths.parse(json));
    }
}
