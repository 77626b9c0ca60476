package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whom a targets role trusts with other targets: roles in their order, or hashed bins. */
public sealed interface Delegations permits Delegations.Named, HashBins {

    /** The roles that may speak of a target, the most trusted first. */
    List<DelegatedRole> rolesFor(String targetPath);

    /** The keys of a role; empty when it is none of these. */
    Optional<RoleKeys> keysOf(String role);

    static Delegations parse(JsonNode json) {
        KeyRing keys = KeyRing.parse(json);
        if (json.has("roles") == json.has("succinct_roles")) {
            throw new IllegalArgumentException(
                    "a delegation has either 'roles' or 'succinct_roles'");
        }
        return json.has("roles")
                ? Named.parse(json.path("roles"), keys)
                : HashBins.parse(MetadataFields.object(json, "succinct_roles"), keys);
    }

    /** Roles with names. */
    record Named(List<DelegatedRole> roles) implements Delegations {

        public Named {
            roles = List.copyOf(roles);
        }

        static Named parse(JsonNode list, KeyRing keys) {
            if (!list.isArray()) {
                throw new IllegalArgumentException("'roles' is not a list");
            }
            List<DelegatedRole> roles = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonNode role : list) {
                DelegatedRole parsed = DelegatedRole.parse(role, keys);
                if (!names.add(parsed.name())) {
                    throw new IllegalArgumentException("role '" + parsed.name() + "' twice");
                }
                roles.add(parsed);
            }
            return new Named(roles);
        }

        @Override
        public List<DelegatedRole> rolesFor(String targetPath) {
            return roles.stream().filter(role -> role.paths().include(targetPath)).toList();
        }

        @Override
        public Optional<RoleKeys> keysOf(String role) {
            return roles.stream()
                    .filter(candidate -> candidate.name().equals(role))
                    .map(DelegatedRole::keys)
                    .findFirst();
        }
    }
}
