package dev.modunest.server.publish;

import dev.modunest.db.Database;
import dev.modunest.db.trust.CertificateRecord;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.PublisherCertificate;
import dev.modunest.format.trust.x509.Validity;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.trust.IssuingAuthority;
import dev.modunest.server.trust.TrustDirectory;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the signature of a publisher has to be: each rule throws a {@link Rejection}. */
final class BundleRules {

    private final Database database;
    private final TrustDirectory trust;
    private final List<AuthorityChain> authorities;
    private final boolean required;

    /**
     * @param required whether a release without a signature is refused
     */
    BundleRules(Database database, TrustDirectory trust, boolean required) {
        this.database = database;
        this.trust = trust;
        this.required = required;
        this.authorities =
                trust.authorities().stream().map(authority -> chain(authority, trust)).toList();
    }

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

    /** What can be told without the release: who signed, and that it is a signature for it. */
    ReleaseBundle check(Coordinate coordinate, byte[] json, Instant now) {
        try {
            ReleaseBundle bundle = ReleaseBundle.parse(json);
            if (bundle.logged().isPresent()) {
                throw refused(
                        "it has a log entry, and the log is written here; send what sign made");
            }
            PublisherCertificate signer = PublisherCertificate.of(bundle.certificate());
            requireCertified(signer, now);
            requireIdentity(signer, coordinate);
            requireNotRevoked(signer, coordinate.plugin().namespace());
            if (!bundle.envelope().isSignedBy(signer.key())) {
                throw refused("the statement is not signed by the key of the certificate");
            }
            ReleaseStatement statement = ReleaseStatement.of(Statement.parse(bundle.envelope()));
            if (!statement.coordinate().equals(coordinate)) {
                throw refused(
                        "the statement is of " + statement.coordinate() + ", not of " + coordinate);
            }
            return new ReleaseBundle(bundle.envelope(), bundle.certificate());
        } catch (IllegalArgumentException malformed) {
            throw refused(String.valueOf(malformed.getMessage()));
        }
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

    /** Also when another certificate of its key was, because others have it. */
    private void requireNotRevoked(PublisherCertificate signer, String namespace) {
        String serial = signer.certificate().serial().toString(16);
        boolean revoked =
                database.<Boolean>read(
                        tx ->
                                tx.certificates()
                                                .find(namespace, serial)
                                                .flatMap(CertificateRecord::revocation)
                                                .isPresent()
                                        || tx.certificates()
                                                .isCompromised(signer.key().id().hex()));
        if (revoked) {
            throw refused(
                    "its certificate or its key is revoked; request a certificate for a new key with modunest cert request");
        }
    }

    private void requireIdentity(PublisherCertificate signer, Coordinate coordinate) {
        String wanted = trust.names().publisher(coordinate.plugin().namespace()).toString();
        if (!signer.identity().equals(wanted)) {
            throw refused("its certificate is of " + signer.identity() + ", not of " + wanted);
        }
    }

    /** The bundle that a publish named, held against the bytes that came. */
    Optional<ReleaseBundle> check(
            PublishRequest request,
            Manifest manifest,
            String manifestJson,
            Digest artifact,
            Instant now) {
        if (request.bundle().isEmpty()) {
            if (required) {
                throw new Rejection(
                        ProblemCode.SIGNATURE_REQUIRED,
                        "This registry takes signed releases alone; sign with modunest sign, or publish with the modunest command and a key");
            }
            return Optional.empty();
        }
        Digest named = request.bundle().get();
        String json =
                database.<Optional<String>>read(tx -> tx.uploadedBundles().find(named))
                        .orElseThrow(
                                () ->
                                        refused(
                                                "there is no bundle "
                                                        + named
                                                        + "; PUT it to the path of the release with /bundle behind, within two days before the release"));
        ReleaseBundle bundle =
                check(manifest.coordinate(), json.getBytes(StandardCharsets.UTF_8), now);
        ReleaseStatement statement = ReleaseStatement.of(Statement.parse(bundle.envelope()));
        requireSame("artifact", statement.artifact(), artifact);
        requireSame(
                "manifest",
                statement.manifest(),
                Digest.ofBytes(manifestJson.getBytes(StandardCharsets.UTF_8)));
        if (!statement
                .capabilities()
                .equals(manifest.permissions().stream().sorted().distinct().toList())) {
            throw refused("the statement names other capabilities than the manifest's permissions");
        }
        return Optional.of(bundle);
    }

    private static void requireSame(String what, Digest said, Digest is) {
        if (!said.equals(is)) {
            throw refused(
                    "the statement is of the " + what + " " + said + " and this one has " + is);
        }
    }

    private static Rejection refused(String why) {
        return new Rejection(
                ProblemCode.SIGNATURE_REFUSED, "The publisher's bundle is not taken: " + why);
    }
}
