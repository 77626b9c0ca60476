package dev.modunest.db;

import java.util.Optional;

/**
 * A namespace and the account or organisation that owns it.
 *
 * @param ownerAccountId empty when an organisation owns it
 * @param owner its name
 * @param verified whether the owner is known to be who the name says
 * @param verifiedBy administrator, dns or oidc
 * @param verifiedDomain that the owner holds, when it is verified by DNS
 * @param secret whether only those who may read it know of it
 */
public record Namespace(
        String name,
        Optional<Long> ownerAccountId,
        String owner,
        boolean verified,
        Optional<String> verifiedBy,
        Optional<String> verifiedDomain,
        boolean secret) {}
