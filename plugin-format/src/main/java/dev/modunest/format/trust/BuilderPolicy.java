package dev.modunest.format.trust;

import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.x509.PublisherCertificate;

import java.util.Optional;
import java.util.Set;

/**
 * Whose provenance counts (SLSA 1.1, Build L2): that of a CI job of a pinned repository, whose
 * certificate, and not the job alone, names a known builder.
 *
 * @param registryIssuer who vouches for signers that are no jobs
 * @param builders ids, or what ids begin with before a slash or an at sign
 */
public record BuilderPolicy(String registryIssuer, Set<String> builders) {

    public BuilderPolicy {
        builders = Set.copyOf(builders);
        if (builders.contains("")) {
            throw new IllegalArgumentException("an empty builder would be everybody");
        }
    }

    /**
     * Why provenance proves nothing; empty when it counts.
     *
     * @param repositoryIds that the plugin trusts
     */
    public Optional<String> faultOf(
            PublisherCertificate signer, BuildProvenance provenance, Set<String> repositoryIds) {
        if (signer.issuer().equals(registryIssuer)) {
            return Optional.of("it is signed by a publisher's key and not by a CI job");
        }
        if (!signer.sourceRepositoryId().map(repositoryIds::contains).orElse(false)) {
            return Optional.of(
                    "the plugin does not trust the repository "
                            + signer.sourceRepositoryId().orElse("without an id"));
        }
        if (!signer.buildSignerUri().equals(Optional.of(provenance.builder()))) {
            return Optional.of(
                    "it names the builder "
                            + provenance.builder()
                            + " and its certificate "
                            + signer.buildSignerUri().orElse("none"));
        }
        return builders.stream().anyMatch(known -> begins(provenance.builder(), known))
                ? Optional.empty()
                : Optional.of("the builder " + provenance.builder() + " is not known");
    }

    private static boolean begins(String id, String known) {
        return id.startsWith(known)
                && (id.length() == known.length()
                        || "/@".indexOf(known.charAt(known.length() - 1)) >= 0
                        || "/@".indexOf(id.charAt(known.length())) >= 0);
    }
}
