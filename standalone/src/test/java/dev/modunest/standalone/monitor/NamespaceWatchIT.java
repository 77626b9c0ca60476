package dev.modunest.standalone.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.DsseLogBody;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.Purl;
import dev.modunest.format.trust.statement.RegistryAct;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.Subject;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.server.ceremony.Ceremony;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.CertificateProfile;
import dev.modunest.server.x509.CiIdentity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What entries say of the namespace acme, whoever made them. */
class NamespaceWatchIT {

    private static final Digest ARTIFACT = Digest.ofBytes(new byte[1]);
    private static final Signer KEY =
            new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));

    @TempDir private static Path folder;
    private static TrustDirectory trust;

    private FakeLog log;

    @BeforeAll
    static void found() {
        new Ceremony(
                        folder.resolve("trust"),
                        Map.of(),
                        new Passphrase.None(),
                        InstantSource.system())
                .everything("localhost");
        trust = TrustDirectory.open(folder.resolve("trust"), "localhost", Map.of(), Instant.now());
    }

    @BeforeEach
    void start() throws Exception {
        log = new FakeLog();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private static Certificate certificate(String namespace, Optional<CiIdentity> job)
            throws Exception {
        return Certificate.parse(
                CertificateProfile.publisher(
                                trust.names(),
                                trust.issuing().id(),
                                namespace,
                                KEY.key(),
                                job,
                                trust.issuing().authority(),
                                Instant.now(),
                                Duration.ofDays(1))
                        .getEncoded());
    }

    private static Certificate ofRegistry() throws Exception {
        return Certificate.parse(trust.registry().certificate().getEncoded());
    }

    private static Statement release(String coordinate) {
        return new ReleaseStatement(
                        Coordinate.parse(coordinate),
                        ARTIFACT,
                        "00".repeat(64),
                        ARTIFACT,
                        List.of(),
                        Optional.empty())
                .statement();
    }

    private static Statement act(String act, String name, String detail) {
        return new RegistryAct(
                        act,
                        "thing",
                        name,
                        ARTIFACT,
                        Instant.now(),
                        JsonNodeFactory.instance.objectNode().put(detail, "sha256:00"))
                .statement();
    }

    private static Statement summary(String coordinate, boolean passed) {
        return new VerificationSummary(
                        Coordinate.parse(coordinate),
                        ARTIFACT,
                        "https://localhost/registry",
                        Instant.now(),
                        "https://localhost/policy",
                        ARTIFACT,
                        List.of(new VerificationSummary.Input("https://localhost/b", ARTIFACT)),
                        passed,
                        List.of("PS_L2"))
                .statement();
    }

    private Optional<Finding> find(
            Statement statement, Signer signer, Certificate by, OwnSigners own) throws Exception {
        DsseEnvelope envelope = DsseEnvelope.sign(statement, signer);
        byte[] entry = DsseLogBody.of(envelope, by);
        log.append(entry, envelope.payload());
        return watch(entry, own);
    }

    private Optional<Finding> watch(byte[] entry, OwnSigners own) throws Exception {
        try (RemoteLog remote = new RemoteLog(log.uri(), FakeLog.ORIGIN, Optional.empty())) {
            return new NamespaceWatch("acme", own, remote).find(7, entry);
        }
    }

    private Optional<Finding> find(Statement statement, Certificate by) throws Exception {
        Signer signer = by.equals(ofRegistry()) ? trust.registry().signer() : KEY;
        return find(statement, signer, by, own());
    }

    private static OwnSigners own() {
        return new OwnSigners(Set.of(OwnSigners.name(KEY.key())), Set.of());
    }

    private static OwnSigners nobody() {
        return new OwnSigners(Set.of(), Set.of());
    }

    @Test
    void aReleaseByAnOwnKeyIsOwn() throws Exception {
        Certificate acme = certificate("acme", Optional.empty());
        assertThat(find(release("acme/tool@1.0.0"), acme))
                .contains(
                        new Finding(
                                7,
                                "release-signed",
                                "acme/tool@1.0.0",
                                Optional.of(OwnSigners.name(KEY.key())),
                                Optional.empty()));
        assertThat(find(release("acme/tool@1.0.0"), KEY, acme, nobody()).orElseThrow().foreign())
                .contains("signed by a key that is not yours");
        assertThat(find(release("other/tool@1.0.0"), certificate("other", Optional.empty())))
                .isEmpty();
    }

    @Test
    void anEntryWithAnOwnCertificateAndNoSignatureOfItIsForeign() throws Exception {
        Signer other = new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
        Finding forged =
                find(
                                release("acme/tool@1.0.0"),
                                other,
                                certificate("acme", Optional.empty()),
                                own())
                        .orElseThrow();
        assertThat(forged.foreign()).contains("its signature is not that of its certificate");
        assertThat(forged.json().path("why").asText()).contains("signature");
        assertThat(forged.toString()).startsWith("FOREIGN  7  release-signed  acme/tool@1.0.0");
    }

    @Test
    void jobsOfAnOwnRepositoryAreOwn() throws Exception {
        Certificate job =
                certificate(
                        "acme",
                        Optional.of(
                                new CiIdentity(
                                        "https://ci.example",
                                        Optional.of(
                                                "https://ci.example/octo/tool/release.yml@main"),
                                        Optional.of("https://ci.example/octo/tool"),
                                        Optional.of("4711"))));
        OwnSigners byJobs = new OwnSigners(Set.of(), Set.of("https://ci.example/octo/tool"));
        assertThat(find(release("acme/tool@1.0.0"), KEY, job, byJobs).orElseThrow().foreign())
                .isEmpty();
        assertThat(find(release("acme/tool@1.0.0"), KEY, job, nobody()).orElseThrow().foreign())
                .isPresent();
        Statement issued = act("certificate-issued", "acme", "ci");
        assertThat(
                        find(issued, trust.registry().signer(), ofRegistry(), byJobs)
                                .orElseThrow()
                                .foreign())
                .isEmpty();
    }

    @Test
    void otherAttestationsOfItsReleasesAreTold() throws Exception {
        Statement provenance =
                new Statement(
                        new Subject(
                                Purl.of(Coordinate.parse("acme/tool@1.0.0")),
                                ARTIFACT,
                                Optional.empty()),
                        "https://slsa.dev/provenance/v1",
                        JsonNodeFactory.instance.objectNode());
        assertThat(find(provenance, certificate("acme", Optional.empty())).orElseThrow().what())
                .isEqualTo("attestation-signed");
    }

    @Test
    void whatTheRegistryDidIsToldAndWhatSomebodyElseDidInItsNameIsForeign() throws Exception {
        assertThat(find(summary("acme/tool@1.0.0", true), ofRegistry()).orElseThrow().what())
                .isEqualTo("release-accepted");
        Finding taken = find(summary("acme/tool@1.0.0", false), ofRegistry()).orElseThrow();
        assertThat(taken.what()).isEqualTo("release-taken-down");
        assertThat(taken.foreign()).isEmpty();
        assertThat(find(summary("other/tool@1.0.0", true), ofRegistry())).isEmpty();
        Certificate acme = certificate("acme", Optional.empty());
        assertThat(find(summary("acme/tool@1.0.0", true), acme).orElseThrow().foreign())
                .contains("signed by somebody else than the registry");
        assertThat(find(act("namespace-transferred", "acme", "to"), ofRegistry()).orElseThrow())
                .extracting(Finding::what)
                .isEqualTo("namespace-transferred");
        assertThat(find(act("release-yanked", "acme/tool@1.0.0", "r"), ofRegistry())).isPresent();
        assertThat(find(act("release-yanked", "acme2/tool@1.0.0", "r"), ofRegistry())).isEmpty();
        assertThat(find(act("certificate-issued", "acme", "key"), ofRegistry()).orElseThrow())
                .extracting(finding -> finding.foreign().orElse(""))
                .isEqualTo("certifies a key that is not yours");
    }

    @Test
    void aStatementThatOnlyOthersMayReadIsKnownByItsCertificate() throws Exception {
        DsseEnvelope envelope = DsseEnvelope.sign(release("acme/secret@1.0.0"), KEY);
        byte[] acme = DsseLogBody.of(envelope, certificate("acme", Optional.empty()));
        byte[] other = DsseLogBody.of(envelope, certificate("other", Optional.empty()));
        assertThat(watch(acme, own()).orElseThrow().foreign()).isEmpty();
        assertThat(watch(acme, nobody()).orElseThrow().foreign()).isPresent();
        assertThat(watch(other, own())).isEmpty();
    }

    @Test
    void whatCannotBeReadIsForeign() throws Exception {
        assertThat(watch("{}".getBytes(StandardCharsets.UTF_8), own()).orElseThrow().what())
                .isEqualTo("unreadable");
        Statement odd =
                new Statement(
                        new Subject("acme", ARTIFACT, Optional.empty()),
                        ReleaseStatement.TYPE,
                        JsonNodeFactory.instance.objectNode());
        assertThat(find(odd, certificate("acme", Optional.empty())).orElseThrow().foreign())
                .isPresent();
        assertThat(find(odd, certificate("other", Optional.empty()))).isEmpty();
    }
}
