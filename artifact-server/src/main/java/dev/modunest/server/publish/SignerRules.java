package dev.modunest.server.publish;

import dev.modunest.db.Database;
import dev.modunest.db.trust.CertificateBytes;
import dev.modunest.db.trust.CertificateRecord;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.PublisherCertificate;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.format.trust.x509.Validity;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.trust.IssuingAuthority;
import dev.modunest.server.trust.TrustDirectory;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who may sign what is published in a namespace: each rule throws a {@link Rejection}. */
final class SignerRules {

    private final Database database;
    private final TrustDirectory trust;
    private final List<AuthorityChain> authorities;

    SignerRules(Database database, TrustDirectory trust) {
        this.database = database;
        this.trust = trust;
        this.authorities =
                trust.authorities().stream().map(authority -> chain(authority, trust)).toList();
    }

    /**
     * Who signed.
     *
     * @param account to which the certificate was issued
     */
    record Signer(PublisherCertificate certificate, String account) {}

    private static AuthorityChain chain(IssuingAuthority issuing, TrustDirectory trust) {
        X509Certificate certificate = issuing.authority().certificate();
        return new AuthorityChain(
                List.of(parse(certificate), parse(trust.root())),
                Validity.of(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant()),
                PathRules.STRICT);
    }

    private static Certificate parse(X509Certificate certificate) {
        try {
            return Certificate.parse(certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate that was read is written", impossible);
        }
    }

    /** Also throws IllegalArgumentException where the certificate is of another profile. */
    Signer check(ReleaseBundle bundle, String namespace, Instant now) {
        PublisherCertificate signer = PublisherCertificate.of(bundle.certificate());
        requireCertified(signer, now);
        requireAuthority(signer, now);
        requireIdentity(signer, namespace);
        CertificateRecord issued = requireIssued(signer, namespace);
        requireNotRevoked(signer, issued);
        if (!bundle.envelope().isSignedBy(signer.key())) {
            throw refused("the statement is not signed by the key of the certificate");
        }
        return new Signer(signer, issued.account());
    }

    private void requireCertified(PublisherCertificate signer, Instant now) {
        Optional<String> fault = Optional.of("its certificate is of no authority of this registry");
        for (AuthorityChain chain : authorities) {
            if (chain.isNamedBy(signer.certificate())) {
                fault = chain.faultOf(signer.certificate(), now, Oids.CODE_SIGNING);
            }
        }
        if (fault.isPresent()) {
            throw refused(fault.get() + "; request a certificate with modunest cert request");
        }
    }

    /** Hosts would refuse what it signs from now on. */
    private void requireAuthority(PublisherCertificate signer, Instant now) {
        Optional<RevocationList> list = trust.rootList().map(RevocationList::parse);
        for (AuthorityChain chain : authorities) {
            if (chain.isNamedBy(signer.certificate())
                    && list.flatMap(of -> of.find(chain.issuing().serial()))
                            .filter(revoked -> revoked.spoils(now))
                            .isPresent()) {
                throw refused(
                        "the authority that certified it is revoked; request another certificate with modunest cert request");
            }
        }
    }

    private void requireIdentity(PublisherCertificate signer, String namespace) {
        String wanted = trust.names().publisher(namespace).toString();
        if (!signer.identity().equals(wanted)) {
            throw refused("its certificate is of " + signer.identity() + ", not of " + wanted);
        }
    }

    /** What the authority signed and this registry did not issue cannot be revoked either. */
    private CertificateRecord requireIssued(PublisherCertificate signer, String namespace) {
        String serial = signer.certificate().serial().toString(16);
        CertificateBytes shown = new CertificateBytes(signer.certificate().der());
        return database.<Optional<CertificateRecord>>read(
                        tx -> tx.certificates().find(namespace, serial))
                .filter(issued -> issued.der().equals(shown))
                .orElseThrow(
                        () ->
                                refused(
                                        "this registry issued no certificate "
                                                + serial
                                                + "; request one with modunest cert request, and tell the operator, whose key certified it elsewhere"));
    }

    /** Also when another certificate of its key was, because others have it. */
    private void requireNotRevoked(PublisherCertificate signer, CertificateRecord issued) {
        if (issued.revocation().isPresent()
                || database.<Boolean>read(
                        tx -> tx.certificates().isCompromised(signer.key().id().hex()))) {
            throw refused(
                    "its certificate or its key is revoked; request a certificate for a new key with modunest cert request");
        }
    }

    static Rejection refused(String why) {
        return new Rejection(ProblemCode.SIGNATURE_REFUSED, "The bundle is not taken: " + why);
    }
}
