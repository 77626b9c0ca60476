package dev.modunest.format.trust;

import java.util.Set;

/**
 * Who may sign for a namespace, as the signed index says.
 *
 * @param identities URIs of certificates
 * @param repositoryIds of the repositories from which trusted publishing releases
 */
public record NamespaceOwner(String namespace, Set<String> identities, Set<String> repositoryIds) {

    public NamespaceOwner {
        identities = Set.copyOf(identities);
        repositoryIds = Set.copyOf(repositoryIds);
    }

    /** The publisher of the namespace at a registry, and nobody else. */
    public static NamespaceOwner of(String registry, String namespace) {
        return new NamespaceOwner(
                namespace, Set.of("https://" + registry + "/publishers/" + namespace), Set.of());
    }
}
