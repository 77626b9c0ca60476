package dev.modunest.format.trust.x509;

import dev.modunest.format.sign.VerifyingKey;

import java.util.Optional;

/**
 * A certificate of who signs releases: a publisher, a CI job or the registry itself.
 *
 * @param identity the URI of its SubjectAltName
 * @param issuer who vouched for the identity (1.3.6.1.4.1.57264.1.8)
 * @param buildSignerUri the workflow that ran (.1.9)
 * @param sourceRepositoryUri the repository (.1.12)
 * @param sourceRepositoryId its id that no renaming changes (.1.15)
 */
public record PublisherCertificate(
        Certificate certificate,
        VerifyingKey key,
        String identity,
        String issuer,
        Optional<String> buildSignerUri,
        Optional<String> sourceRepositoryUri,
        Optional<String> sourceRepositoryId) {

    /**
     * Reads a certificate that has the profile.
     *
     * @throws IllegalArgumentException when it has not, with the reason
     */
    public static PublisherCertificate of(Certificate certificate) {
        Optional<String> fault = CertificateProfile.faultOf(certificate);
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
        GeneralName.Uri name = (GeneralName.Uri) certificate.names().getFirst();
        return new PublisherCertificate(
                certificate,
                VerifyingKey.ofSpki(certificate.key().spki()),
                name.uri(),
                text(certificate, Oids.OIDC_ISSUER)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "the certificate does not say who vouches for its"
                                                        + " identity")),
                text(certificate, Oids.BUILD_SIGNER_URI),
                text(certificate, Oids.SOURCE_REPOSITORY_URI),
                text(certificate, Oids.SOURCE_REPOSITORY_ID));
    }

    private static Optional<String> text(Certificate certificate, String oid) {
        return certificate.extension(oid).map(extension -> extension.value().utf8());
    }
}
