package dev.modunest.server.ca;

import dev.modunest.db.trust.CiJob;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.server.trust.IssuingAuthority;
import dev.modunest.server.trust.TrustConfig;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.CertificateProfile;
import dev.modunest.server.x509.CiIdentity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/** Signs certificates by the profile of {@code docs/operations/trust.md}. Thread-safe. */
final class CertificateAuthority {

    private final TrustDirectory trust;
    private final TrustConfig config;

    CertificateAuthority(TrustDirectory trust, TrustConfig config) {
        this.trust = trust;
        this.config = config;
    }

    IssuingAuthority issuing() {
        return trust.issuing();
    }

    /**
     * A certificate for a key that its holder was seen to have.
     *
     * @param job empty for a key that the publisher keeps
     */
    X509Certificate issue(String namespace, VerifyingKey key, Optional<CiJob> job, Instant now) {
        return CertificateProfile.publisher(
                trust.names(),
                trust.issuing().id(),
                namespace,
                key,
                job.map(CertificateAuthority::identity),
                trust.issuing().authority(),
                now,
                job.isPresent() ? config.ciCertificateValidity() : config.certificateValidity());
    }

    private static CiIdentity identity(CiJob job) {
        return new CiIdentity(
                job.issuer(), job.buildSigner(), job.repository(), job.repositoryId());
    }
}
