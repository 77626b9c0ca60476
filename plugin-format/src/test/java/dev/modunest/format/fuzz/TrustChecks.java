package dev.modunest.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.sigstore.SigstoreVerifier;
import dev.modunest.format.trust.stamp.TimeStampToken;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.RegistryAct;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.PublisherCertificate;
import dev.modunest.format.trust.x509.RevocationList;

import java.util.Optional;

/** What holds of bundles, statements, certificates, lists, stamps and trust roots. */
final class TrustChecks {

    private static final TrustFixture STRANGERS = new TrustFixture();
    private static final TrustedRoot STRANGE_ROOT = STRANGERS.trustedRoot();
    private static final SigstoreVerifier STRANGE_VERIFIER = new SigstoreVerifier(STRANGE_ROOT);
    private static final byte[] ONE = {1};

    private TrustChecks() {}

    /** Its canonical form is the same bundle. */
    static void bundle(byte[] data) {
        ReleaseBundle bundle;
        try {
            bundle = ReleaseBundle.parse(data);
        } catch (IllegalArgumentException refused) {
            return;
        }
        byte[] written = bundle.bytes();
        ReleaseBundle again = ReleaseBundle.parse(written);
        assertThat(again.bytes()).isEqualTo(written);
        assertThat(again.publisherDigest()).isEqualTo(bundle.publisherDigest());
        assertThat(again.logBody()).isEqualTo(bundle.logBody());
    }

    static void sigstoreBundle(byte[] data) {
        assertThat(
                        STRANGE_VERIFIER.faultOf(
                                data,
                                new SigstoreVerifier.Artifact(
                                        Digest.ofBytes(TrustFixture.JAR), Optional.empty()),
                                new SigstoreVerifier.Signer.Identity(
                                        "https://registry.example.com/publishers/acme",
                                        "https://registry.example.com")))
                .isPresent();
    }

    /** What is read of a type is written as it was read. */
    static void statement(byte[] data) {
        Statement statement;
        try {
            statement = Statement.parse(new DsseEnvelope(DsseEnvelope.IN_TOTO, data, ONE));
        } catch (IllegalArgumentException refused) {
            return;
        }
        try {
            switch (statement.predicateType()) {
                case ReleaseStatement.TYPE -> {
                    ReleaseStatement release = ReleaseStatement.of(statement);
                    assertThat(ReleaseStatement.of(release.statement())).isEqualTo(release);
                }
                case VerificationSummary.TYPE -> {
                    VerificationSummary summary = VerificationSummary.of(statement);
                    assertThat(VerificationSummary.of(summary.statement())).isEqualTo(summary);
                }
                case RegistryAct.TYPE -> {
                    RegistryAct act = RegistryAct.of(statement);
                    assertThat(RegistryAct.of(act.statement())).isEqualTo(act);
                }
                default -> assertThat(BuildProvenance.of(statement)).isNotNull();
            }
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    /** Its bytes are kept, and no stranger issued it. */
    static void certificate(byte[] data) {
        Certificate certificate;
        try {
            certificate = Certificate.parse(data);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(certificate.der()).isEqualTo(data);
        assertThat(Certificate.parsePem(certificate.pem())).isEqualTo(certificate);
        assertThat(
                        STRANGE_ROOT
                                .authorities()
                                .getFirst()
                                .faultOf(certificate, TrustFixture.NOW, Oids.CODE_SIGNING))
                .isPresent();
        try {
            assertThat(PublisherCertificate.of(certificate).identity()).isNotEmpty();
        } catch (IllegalArgumentException another) {
            assertThat(another.getMessage()).isNotBlank();
        }
    }

    static void revocationList(byte[] data) {
        RevocationList list;
        try {
            list = RevocationList.parse(data);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(list.faultBy(STRANGERS.issuing().certificate())).isPresent();
    }

    static void timeStamp(byte[] data) {
        TimeStampToken token;
        try {
            token = TimeStampToken.parse(data);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(token.info().earliest()).isBeforeOrEqualTo(token.info().latest());
        assertThat(STRANGE_ROOT.timeStampAuthorities().getFirst().faultOf(token, TrustFixture.JAR))
                .isPresent();
    }

    /** What can be written is the same when it is read again. */
    static void trustedRoot(byte[] data) {
        TrustedRoot root;
        try {
            root = TrustedRoot.parse(data, PathRules.STRICT);
        } catch (IllegalArgumentException refused) {
            return;
        }
        if (root.certificateLogs().isEmpty()) {
            byte[] written = root.bytes();
            assertThat(TrustedRoot.parse(written, PathRules.STRICT).bytes()).isEqualTo(written);
        }
    }
}
