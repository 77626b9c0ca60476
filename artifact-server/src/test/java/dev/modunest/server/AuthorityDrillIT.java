package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.trust.NamespaceOwner;
import dev.modunest.format.trust.ReleaseEvidence;
import dev.modunest.format.trust.ReleaseVerifier;
import dev.modunest.format.trust.TrustPolicy;
import dev.modunest.format.trust.Verdict;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.testing.Tool;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.server.attest.CheckPolicy;
import dev.modunest.server.ceremony.Ceremony;
import dev.modunest.server.ceremony.Certified;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.key.Pem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The drill of {@code docs/operations/trust.md}: the key of the issuing authority is stolen. */
class AuthorityDrillIT {

    private static final Coordinate RELEASE = Coordinate.parse("acme/drill@1.0.0");
    private static final byte[] JAR = TestJars.library(RELEASE.toString());

    @TempDir private Path folder;

    private Path trust() {
        return folder.resolve("trust");
    }

    private Ceremony ceremony() {
        return new Ceremony(trust(), Map.of(), new Passphrase.None(), InstantSource.system());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("MODUNEST_TRUST_DIRECTORY", trust().toString());
        settings.put("MODUNEST_TRUST_EVALUATION", "false");
        settings.put("MODUNEST_TRUST_CERTIFICATES_BY_API_TOKEN", "true");
        return settings;
    }

    private static TestPublisher certified(TestRegistry registry, String token) {
        return TestPublisher.certified(registry.uri("/"), token, "acme");
    }

    private static HttpResponse<byte[]> send(
            TestRegistry registry, String token, Coordinate release, ReleaseBundle bundle) {
        return registry.send(
                registry.request(
                                "/api/v1/plugins/"
                                        + release.plugin()
                                        + "/"
                                        + release.version()
                                        + "/bundle")
                        .header("Authorization", "Bearer " + token)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bundle.bytes())));
    }

    private static void publish(
            TestRegistry registry, String token, TestPublisher by, Coordinate release, byte[] jar) {
        ReleaseBundle bundle = by.sign(release, jar);
        assertThat(send(registry, token, release, bundle).statusCode()).isEqualTo(201);
        assertThat(
                        registry.publishAs(
                                        token,
                                        release.toString(),
                                        jar,
                                        "Publisher-Bundle",
                                        bundle.publisherDigest().toString())
                                .statusCode())
                .isEqualTo(201);
    }

    /** As a host does, with the lists that the registry serves. */
    private Verdict verify(TestRegistry registry, Coordinate release, byte[] jar)
            throws IOException {
        List<RevocationList> lists =
                List.of("i1.crl", "i2.crl", "root-r1.crl").stream()
                        .map(file -> registry.get("/pki/" + file))
                        .filter(answer -> answer.statusCode() == 200)
                        .map(answer -> RevocationList.parse(answer.body()))
                        .toList();
        String file =
                "/artifacts/"
                        + release.plugin()
                        + "/"
                        + release.version()
                        + "/"
                        + release.fileName();
        TrustedRoot root =
                TrustedRoot.parse(
                        Files.readAllBytes(trust().resolve("trusted_root.json")), PathRules.STRICT);
        return new ReleaseVerifier(
                        root, lists, TrustPolicy.of("localhost", Set.of(CheckPolicy.digest())))
                .verify(
                        ReleaseEvidence.of(
                                release,
                                Digest.ofBytes(jar),
                                registry.get(file + ".sigstore.json").body(),
                                registry.get(file + ".vsa.sigstore.json").body(),
                                new String(
                                        registry.get(file + ".tlog-proof").body(),
                                        StandardCharsets.UTF_8)),
                        NamespaceOwner.of("localhost", "acme"),
                        Instant.now());
    }

    private void rotate() {
        Certified i2 = new Certified.Issuing("i2");
        byte[] request = ceremony().request("localhost", i2, Optional.empty());
        ceremony().install(i2, ceremony().certify("localhost", i2, request), root());
        ceremony().registry();
        ceremony().trustedRoot();
    }

    private X509Certificate root() {
        return Pem.readCertificate(trust().resolve("pki/root-r1.crt"));
    }

    @Test
    void whatTheStolenAuthorityCertifiesIsWorthNothingFromThatTimeOn() throws Exception {
        ceremony().everything("localhost");
        Path list = ceremony().rootList(Optional.empty(), Instant.EPOCH);
        Map<String, String> again = settings();
        String token;
        TestPublisher old;
        Instant signed;
        try (TestRegistry registry = TestRegistry.start(settings())) {
            token = registry.token();
            again.put("MODUNEST_DATABASE_URL", registry.database());
            again.put("MODUNEST_S3_BUCKET", registry.bucket());
            old = certified(registry, token);
            publish(registry, token, old, RELEASE, JAR);
            assertThat(registry.get("/pki/root-r1.crl").body()).isEqualTo(Files.readAllBytes(list));
            Verdict before = verify(registry, RELEASE, JAR);
            assertThat(before).as("%s", before).isInstanceOf(Verdict.Trusted.class);
            signed = ((Verdict.Trusted) before).signed();

            X509Certificate stolen = Pem.readCertificate(trust().resolve("pki/issuing-i1.crt"));
            ceremony().rootList(Optional.of(stolen), signed.plusSeconds(1));
            assertThat(verify(registry, RELEASE, JAR)).isInstanceOf(Verdict.Trusted.class);
            ceremony().rootList(Optional.of(stolen), signed);
            assertThat(verify(registry, RELEASE, JAR))
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused ->
                                    assertThat(refused.reason())
                                            .contains("is revoked (CA_COMPROMISE)"));
            TestRegistry.assertProblem(
                    send(registry, token, RELEASE, old.sign(RELEASE, JAR)),
                    422,
                    "signature-refused",
                    "the authority that certified it is revoked");
        }
        rotate();
        try (TestRegistry registry = TestRegistry.start(again)) {
            TestPublisher fresh = certified(registry, token);
            Coordinate next = Coordinate.parse("acme/drill@1.0.1");
            byte[] jar = TestJars.library(next.toString());
            publish(registry, token, fresh, next, jar);
            assertThat(verify(registry, next, jar)).isInstanceOf(Verdict.Trusted.class);
            opensslFollows(registry, old, fresh);
        }
    }

    private void opensslFollows(TestRegistry registry, TestPublisher old, TestPublisher fresh)
            throws Exception {
        assumeTrue(Tool.isPresent("openssl", "version"), "openssl is not present");
        StringBuilder lists = new StringBuilder();
        for (String file : List.of("root-r1.crl", "i1.crl", "i2.crl")) {
            lists.append(Pem.text("X509 CRL", registry.get("/pki/" + file).body()));
        }
        Files.writeString(folder.resolve("lists.pem"), lists);
        Files.writeString(folder.resolve("root.pem"), Pem.text(root()));
        assertThat(openssl("i1", old)).contains("certificate revoked");
        assertThat(openssl("i2", fresh)).contains("signer.pem: OK");
    }

    private String openssl(String authority, TestPublisher signer) throws Exception {
        Files.writeString(
                folder.resolve("issuing.pem"),
                Pem.text(
                        Pem.readCertificate(trust().resolve("pki/issuing-" + authority + ".crt"))));
        Files.writeString(folder.resolve("signer.pem"), signer.certificate().pem());
        return Tool.run(
                        folder,
                        "openssl",
                        "verify",
                        "-x509_strict",
                        "-crl_check_all",
                        "-CRLfile",
                        "lists.pem",
                        "-CAfile",
                        "root.pem",
                        "-untrusted",
                        "issuing.pem",
                        "signer.pem")
                .output();
    }
}
