package dev.modunest.db.identity;

import java.util.Optional;

/**
 * What decides about a namespace: it belongs to an account or to an organisation.
 *
 * @param secret whether only those who may read it know of it
 */
public record NamespaceFacts(
        String name,
        Optional<Long> ownerAccountId,
        Optional<Long> ownerOrganizationId,
        String owner,
        boolean secret) {

    public NamespaceFacts {
        if (ownerAccountId.isPresent() == ownerOrganizationId.isPresent()) {
            throw new IllegalArgumentException("a namespace has one owner: " + name);
        }
    }

    /** The same namespace, if it were private. */
    public NamespaceFacts inSecret() {
        return new NamespaceFacts(name, ownerAccountId, ownerOrganizationId, owner, true);
    }
}
