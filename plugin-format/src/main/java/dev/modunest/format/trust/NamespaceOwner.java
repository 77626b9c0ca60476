package dev.modunest.format.trust;

import java.util.Optional;
import java.util.Set;

/**
 * Who may sign for a namespace, as the signed index says.
 *
 * @param identities URIs of certificates
 * @param repositoryId of the one repository from which trusted publishing releases
 */
public record NamespaceOwner(
        String namespace, Set<String> identities, Optional<String> repositoryId) {

    public NamespaceOwner {
        identities = Set.copyOf(identities);
    }

    /** The publisher of the namespace at a registry, and nobody else. */
    public static NamespaceOwner of(String registry, String namespace) {
        return new NamespaceOwner(
                namespace,
                Set.of("https://" + registry + "/publishers/" + namespace),
                Optional.empty());
    }
}
