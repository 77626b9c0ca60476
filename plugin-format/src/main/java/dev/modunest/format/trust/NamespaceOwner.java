package dev.modunest.format.trust;

import dev.modunest.format.trust.x509.PublisherCertificate;

import java.util.Optional;
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

    /** Why {@code signer} is not of the namespace. */
    Optional<String> faultOfIdentity(PublisherCertificate signer) {
        return identities.contains(signer.identity())
                ? Optional.empty()
                : Optional.of(signer.identity() + " signed, and does not own " + namespace);
    }

    /** Why {@code signer} may not release here. */
    Optional<String> faultOfPublisher(PublisherCertificate signer, String registryIssuer) {
        return faultOfIdentity(signer)
                .or(
                        () ->
                                signer.issuer().equals(registryIssuer)
                                                || signer.sourceRepositoryId()
                                                        .map(repositoryIds::contains)
                                                        .orElse(false)
                                        ? Optional.empty()
                                        : Optional.of(
                                                "a job of the repository "
                                                        + signer.sourceRepositoryId()
                                                                .orElse("without an id")
                                                        + " signed, and is not the trusted publisher of "
                                                        + namespace));
    }
}
