package dev.modunest.server.ceremony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.StrictJson;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.key.Pem;
import dev.modunest.server.trust.IssuingAuthority;
import dev.modunest.server.trust.TrustConfig;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.trust.TrustException;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class CeremonyIT {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final String NAME = "registry.example.com";
    private static final Certified I1 = new Certified.Issuing("i1");
    private static final Certified I2 = new Certified.Issuing("i2");
    private static final Certified TSA = new Certified.TimeStamping();
    private static final Map<String, String> ENVIRONMENT = Map.of("PASS", "correct horse");

    @TempDir private Path folder;

    private static Ceremony in(Path directory, Instant at) {
        return new Ceremony(directory, ENVIRONMENT, new Passphrase.None(), () -> at);
    }

    private static Ceremony sealed(Path directory) {
        return new Ceremony(directory, ENVIRONMENT, new Passphrase.OfVariable("PASS"), () -> NOW);
    }

    private static TrustDirectory open(Path directory, Instant at) {
        return TrustDirectory.open(directory, NAME, ENVIRONMENT, at);
    }

    private static JsonNode trustedRoot(Path directory) throws IOException {
        return StrictJson.object(Files.readAllBytes(directory.resolve("trusted_root.json")));
    }

    private Path whole() {
        Path directory = folder.resolve("trust");
        in(directory, NOW).everything(NAME);
        return directory;
    }

    private static void assertValid(X509Certificate root, Instant at, X509Certificate... path)
            throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(java.util.Date.from(at));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(List.of(path)),
                        parameters);
    }

    @Test
    void everythingInOneGoIsADirectoryThatAServerStartsWith() throws Exception {
        TrustDirectory trust = open(whole(), NOW);

        assertThat(trust.names().registry()).hasToString("https://registry.example.com/registry");
        assertThat(trust.log().origin()).isEqualTo("registry.example.com/log/2026");
        assertThat(trust.revocations()).isPresent();
        X509Certificate issuing = trust.issuing().authority().certificate();
        assertThat(trust.chainOf(trust.registry())).containsExactly(issuing, trust.root());
        assertThat(trust.chainOf(trust.timeStamping())).containsExactly(trust.root());
        assertValid(trust.root(), NOW, trust.registry().certificate(), issuing);
        assertValid(trust.root(), NOW, trust.timeStamping().certificate());
        assertThat(trust.registry().certificate().getSubjectAlternativeNames())
                .containsExactly(List.of(6, "https://registry.example.com/registry"));
        for (String offline :
                List.of("root-r1", "tuf-root-1", "tuf-root-5", "tuf-targets-1", "tuf-targets-3")) {
            Path key = trust.file("offline/" + offline + ".pem");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void certificatesHaveTheUsesAndTimesOfTheirProfile() throws Exception {
        TrustDirectory trust = open(whole(), NOW);

        X509Certificate issuing = trust.issuing().authority().certificate();
        assertThat(trust.root().getBasicConstraints()).isEqualTo(1);
        assertThat(trust.root().getNotAfter().toInstant())
                .isEqualTo(NOW.plus(Duration.ofDays(3652)));
        assertThat(issuing.getBasicConstraints()).isZero();
        assertThat(issuing.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.3");
        assertThat(issuing.getSubjectX500Principal().getName())
                .isEqualTo("CN=Publisher Issuing CA I1,O=registry.example.com");
        X509Certificate tsa = trust.timeStamping().certificate();
        assertThat(tsa.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.8");
        assertThat(tsa.getCriticalExtensionOIDs()).contains("2.5.29.37");
        assertThat(trust.registry().certificate().getNotAfter().toInstant())
                .isEqualTo(NOW.plus(Duration.ofDays(90)));
        assertThat(trust.registry().certificate().getSerialNumber().bitLength()).isEqualTo(127);
    }

    @Test
    void theTrustedRootNamesTheLogTheAuthorityAndTheTimeStamping() throws IOException {
        Path directory = whole();

        JsonNode root = trustedRoot(directory);
        TrustDirectory trust = open(directory, NOW);
        assertThat(root.at("/tlogs/0/baseUrl").asText())
                .isEqualTo("https://registry.example.com/log/2026");
        assertThat(root.at("/tlogs/0/publicKey/rawBytes").binaryValue())
                .isEqualTo(trust.log().ecdsa().key().spki());
        assertThat(root.at("/tlogs/1/publicKey/rawBytes").binaryValue())
                .isEqualTo(trust.log().ed25519().key().spki());
        assertThat(root.at("/tlogs/0/publicKey/validFor/end").isMissingNode()).isTrue();
        assertThat(
                        java.util.HexFormat.of()
                                .formatHex(root.at("/tlogs/0/logId/keyId").binaryValue()))
                .isEqualTo(trust.log().ecdsa().key().id().hex());
        assertThat(
                        root.at("/certificateAuthorities/0/certChain/certificates/0/rawBytes")
                                .binaryValue())
                .isEqualTo(Pem.der(trust.issuing().authority().certificate()));
        assertThat(
                        root.at("/timestampAuthorities/0/certChain/certificates/1/rawBytes")
                                .binaryValue())
                .isEqualTo(Pem.der(trust.root()));
        assertThat(root.path("ctlogs").isEmpty()).isTrue();
    }

    @Test
    void stepByStepTheRootNeverMeetsTheServer() {
        Path offline = folder.resolve("vault");
        Path server = folder.resolve("server");
        sealed(offline).root(NAME);
        byte[] issuing = sealed(server).request(NAME, I1, Optional.empty());
        byte[] tsa = sealed(server).request(NAME, TSA, Optional.empty());
        X509Certificate root = Pem.readCertificate(offline.resolve("pki/root-r1.crt"));
        sealed(server).install(I1, sealed(offline).certify(NAME, I1, issuing), root);
        sealed(server).install(TSA, sealed(offline).certify(NAME, TSA, tsa), root);
        X509Certificate _ = in(server, NOW).registry();
        in(server, NOW).log();
        in(server, NOW).tufOnline();

        TrustDirectory trust = open(server, NOW);
        assertThat(trust.root()).isEqualTo(root);
        assertThat(trust.revocations()).isEmpty();
        assertThat(server.resolve("offline")).doesNotExist();
    }

    @Test
    void aSecondAuthorityIssuesAndTheFirstGoesOnToListItsRevocations() throws IOException {
        Path directory = whole();
        Instant later = NOW.plus(Duration.ofDays(300));
        Ceremony ceremony = in(directory, later);
        byte[] request = ceremony.request(NAME, I2, Optional.empty());
        ceremony.install(
                I2,
                ceremony.certify(NAME, I2, request),
                Pem.readCertificate(directory.resolve("pki/root-r1.crt")));
        X509Certificate registry = ceremony.registry();
        Path _ = ceremony.trustedRoot();

        TrustDirectory trust = open(directory, later);
        assertThat(trust.issuing().id()).isEqualTo("i2");
        assertThat(trust.authorities())
                .extracting(IssuingAuthority::id)
                .containsExactly("i1", "i2");
        assertThat(trust.registry().certificate()).isEqualTo(registry);
        assertThat(registry.getIssuerX500Principal().getName()).contains("CA I2");
        assertThat(trustedRoot(directory).path("certificateAuthorities").size()).isEqualTo(2);

        Instant afterI1 = NOW.plus(Duration.ofDays(731));
        in(directory, afterI1).registry();
        assertThatExceptionOfType(TrustException.class)
                .isThrownBy(() -> open(directory, afterI1))
                .satisfies(
                        refused ->
                                assertThat(refused.faults())
                                        .singleElement()
                                        .asString()
                                        .startsWith("tsa: the certificate is valid from"));
    }

    @Test
    void aNewShardOfTheLogEndsTheKeyOfTheLast() throws IOException {
        Path directory = whole();
        Instant nextYear = Instant.parse("2027-01-02T00:00:00Z");
        in(directory, nextYear).log();
        Path _ = in(directory, nextYear).trustedRoot();

        JsonNode logs = trustedRoot(directory).path("tlogs");
        assertThat(logs.at("/0/publicKey/validFor/end").asText()).isEqualTo("2027-01-03T00:00:00Z");
        assertThat(logs.at("/1/publicKey/validFor/end").asText()).isEqualTo("2027-01-03T00:00:00Z");
        assertThat(logs.at("/2/baseUrl").asText()).endsWith("/log/2027");
        assertThat(logs.at("/2/publicKey/validFor/end").isMissingNode()).isTrue();
    }

    @Test
    void allFaultsAreToldAtOnce() throws IOException {
        Path directory = whole();
        Files.delete(directory.resolve("online/tuf-bins.pem"));
        Files.copy(
                directory.resolve("online/tsa.pem"),
                directory.resolve("online/registry.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(
                directory.resolve("online/log-ecdsa.pem"),
                PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(directory.resolve("pki/tsa.crt"), "nothing");

        assertThatExceptionOfType(TrustException.class)
                .isThrownBy(() -> TrustDirectory.open(directory, "other.example", ENVIRONMENT, NOW))
                .satisfies(
                        refused ->
                                assertThat(refused.faults())
                                        .hasSize(5)
                                        .anyMatch(fault -> fault.contains("trust.name is other"))
                                        .anyMatch(fault -> fault.startsWith("tsa: "))
                                        .anyMatch(fault -> fault.contains("not that of the certif"))
                                        .anyMatch(fault -> fault.contains("chmod 600"))
                                        .anyMatch(fault -> fault.startsWith("tuf.bins: ")));
    }

    @Test
    void aDirectoryThatIsNotThereOrMalformedNamesTheFix() throws IOException {
        assertThatExceptionOfType(TrustException.class)
                .isThrownBy(() -> open(folder, NOW))
                .withMessageContaining("./modunest ceremony init --dir " + folder);
        Files.writeString(folder.resolve("trust.json"), "{");
        assertThatExceptionOfType(TrustException.class)
                .isThrownBy(() -> open(folder, NOW))
                .withMessageContaining("trust.json: ");
        Files.writeString(folder.resolve("trust.json"), "{}");
        assertThatExceptionOfType(TrustException.class)
                .isThrownBy(() -> open(folder, NOW))
                .withMessageContaining("trust.json names no certificate");
    }

    @Test
    void aCertificateForAnotherKeyIsNotInstalled() {
        Path directory = whole();
        byte[] request = in(directory, NOW).request(NAME, I2, Optional.empty());
        X509Certificate _ = in(directory, NOW).certify(NAME, I2, request);
        X509Certificate other = Pem.readCertificate(directory.resolve("pki/issuing-i1.crt"));
        X509Certificate root = Pem.readCertificate(directory.resolve("pki/root-r1.crt"));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> in(directory, NOW).install(I2, other, root))
                .withMessageContaining("not that of the certificate");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> in(directory, NOW).install(TSA, other, root))
                .withMessageContaining("no key of tsa waits");
        assertThat(open(directory, NOW).issuing().id()).isEqualTo("i1");
    }

    @Test
    void requestsThatAreNoneAreNotCertified() {
        Path directory = whole();

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(
                        () ->
                                in(directory, NOW)
                                        .certify(
                                                NAME, TSA, "none".getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("PKCS#10");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Certified.Issuing("x"));
    }

    private TrustConfig config(boolean evaluation) {
        return Settings.read(
                TrustConfig.class,
                Optional.empty(),
                Map.of(
                        "MODUNEST_DIRECTORY", folder.resolve("trial").toString(),
                        "MODUNEST_EVALUATION", Boolean.toString(evaluation)));
    }

    @Test
    void aTrialMakesItsKeysOnceAndRenewsThem() {
        Evaluation.prepare(config(false), () -> NOW);
        assertThat(folder.resolve("trial")).doesNotExist();

        Evaluation.prepare(config(true), () -> NOW);
        Path directory = folder.resolve("trial");
        TrustDirectory first = TrustDirectory.open(directory, "localhost", Map.of(), NOW);
        Evaluation.prepare(config(true), () -> NOW);
        assertThat(
                        TrustDirectory.open(directory, "localhost", Map.of(), NOW)
                                .registry()
                                .certificate())
                .isEqualTo(first.registry().certificate());

        Instant later = NOW.plus(Duration.ofDays(340));
        Evaluation.prepare(config(true), () -> later);
        TrustDirectory renewed = TrustDirectory.open(directory, "localhost", Map.of(), later);
        assertThat(renewed.timeStamping().certificate())
                .isNotEqualTo(first.timeStamping().certificate());
        assertThat(renewed.issuing().authority().certificate())
                .isEqualTo(first.issuing().authority().certificate());
    }
}
