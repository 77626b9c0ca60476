package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.log.EntryBundle;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.RegistryAct;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.SigningRequest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is signed, counter-signed and logged of releases, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedPublishIT {

    private TestRegistry registry;
    private TrustDirectory trust;
    private TestPublisher acme;

    @BeforeAll
    void start() {
        registry = TestRegistry.start();
        trust = registry.server().trust();
        acme = TestPublisher.of(registry, "acme");
    }

    @AfterAll
    void stop() {
        registry.close();
    }

    private static byte[] jar(String coordinate) {
        return TestJars.library(coordinate);
    }

    private static String path(Coordinate coordinate) {
        return "/api/v1/plugins/" + coordinate.plugin() + "/" + coordinate.version();
    }

    private HttpResponse<byte[]> sendBundle(Coordinate coordinate, byte[] bundle) {
        return registry.send(
                registry.request(path(coordinate) + "/bundle")
                        .header("Authorization", "Bearer " + registry.token())
                        .header("Content-Type", ReleaseBundle.MEDIA_TYPE)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bundle)));
    }

    private HttpResponse<byte[]> publish(Coordinate coordinate, byte[] jar, String bundle) {
        return registry.send(
                registry.request(path(coordinate))
                        .header("Authorization", "Bearer " + registry.token())
                        .header("Content-Type", "application/java-archive")
                        .header("Publisher-Bundle", bundle)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(jar)));
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return StrictJson.object(response.body());
    }

    private ReleaseBundle publishSigned(Coordinate coordinate) {
        byte[] jar = jar(coordinate.toString());
        ReleaseBundle bundle = acme.sign(coordinate, jar);
        HttpResponse<byte[]> sent = sendBundle(coordinate, bundle.bytes());
        assertThat(sent.statusCode()).isEqualTo(201);
        String digest = json(sent).path("digest").asText();
        assertThat(digest).isEqualTo(bundle.publisherDigest().toString());
        assertThat(publish(coordinate, jar, digest).statusCode()).isEqualTo(201);
        return bundle;
    }

    private HttpResponse<byte[]> file(Coordinate coordinate, String suffix) {
        return registry.get(
                "/artifacts/"
                        + coordinate.plugin()
                        + "/"
                        + coordinate.version()
                        + "/"
                        + coordinate.fileName()
                        + suffix);
    }

    private static String text(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void when201IsAnsweredBundlesProofAndLogAreThere() {
        Coordinate coordinate = Coordinate.parse("acme/signed@1.0.0");
        ReleaseBundle signed = publishSigned(coordinate);

        HttpResponse<byte[]> publisherFile = file(coordinate, ".sigstore.json");
        assertThat(publisherFile.headers().firstValue("Content-Type"))
                .contains(ReleaseBundle.MEDIA_TYPE);
        assertThat(publisherFile.headers().firstValue("Cache-Control"))
                .get()
                .asString()
                .contains("immutable");
        ReleaseBundle publisher = ReleaseBundle.parse(publisherFile.body());
        ReleaseBundle registrys =
                ReleaseBundle.parse(file(coordinate, ".vsa.sigstore.json").body());
        LogProof proof = LogProof.parse(text(file(coordinate, ".tlog-proof")));

        assertThat(publisher.publisherDigest()).isEqualTo(signed.publisherDigest());
        assertThat(publisher.timeStamps()).hasSize(1);
        assertThat(registrys.timeStamps()).hasSize(1);
        VerificationSummary summary = VerificationSummary.of(Statement.parse(registrys.envelope()));
        assertThat(summary.passed()).isTrue();
        assertThat(summary.levels()).containsExactly("PS_L2");
        assertThat(summary.coordinate()).isEqualTo(coordinate);
        assertThat(summary.inputs())
                .singleElement()
                .extracting(VerificationSummary.Input::digest)
                .isEqualTo(signed.publisherDigest());
        assertThat(proof.proves(registrys.logBody())).isTrue();
        assertThat(registrys.logged().map(TlogEntry::logIndex)).contains(proof.proof().index());
        assertThat(publisher.logged().map(TlogEntry::logIndex)).contains(proof.proof().index() - 1);
        SignedCheckpoint head = checkpoint();
        assertThat(head.checkpoint().size()).isGreaterThan(proof.proof().index());
        assertThat(head.find(logKey(NoteKey.Kind.ED25519, trust.log().ed25519()))).isPresent();
        assertThat(head.find(logKey(NoteKey.Kind.ML_DSA_44_COSIGNATURE, trust.log().mlDsa44())))
                .isPresent();
        assertThat(entries()).contains(text(publisher.logBody()), text(registrys.logBody()));
        assertThat(registry.get("/attest/sha256/" + signed.envelope().payloadDigest().hex()).body())
                .isEqualTo(signed.envelope().payload());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private NoteKey logKey(NoteKey.Kind kind, Signer signer) {
        return new NoteKey(trust.log().origin(), kind, signer.key());
    }

    private String logPath() {
        return trust.log().origin().substring(trust.log().origin().indexOf("/log/"));
    }

    private SignedCheckpoint checkpoint() {
        return SignedCheckpoint.parse(text(registry.get(logPath() + "/checkpoint")));
    }

    private List<String> entries() {
        int size = (int) checkpoint().checkpoint().size();
        HttpResponse<byte[]> bundle =
                registry.get(logPath() + "/" + new TilePath(TilePath.ENTRIES, 0, size));
        assertThat(bundle.statusCode()).isEqualTo(200);
        HttpResponse<byte[]> hashes = registry.get(logPath() + "/" + new TilePath(0, 0, size));
        List<byte[]> entries = EntryBundle.read(bundle.body(), size);
        for (int i = 0; i < size; i++) {
            assertThat(Hash.at(hashes.body(), 32 * i)).isEqualTo(Hash.leaf(entries.get(i)));
        }
        return entries.stream().map(SignedPublishIT::text).toList();
    }

    /** The statements of the log, newest last. */
    private List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        for (String entry : entries()) {
            JsonNode spec = StrictJson.object(entry).path("spec");
            HttpResponse<byte[]> payload =
                    registry.get(
                            "/attest/sha256/" + spec.path("payloadHash").path("value").asText());
            if (payload.statusCode() == 200) {
                statements.add(
                        Statement.parse(
                                new DsseEnvelope(
                                        DsseEnvelope.IN_TOTO, payload.body(), new byte[0])));
            }
        }
        return statements;
    }

    private List<String> acts(String name) {
        return statements().stream()
                .filter(statement -> statement.predicateType().equals(RegistryAct.TYPE))
                .map(RegistryAct::of)
                .filter(act -> act.name().equals(name))
                .map(RegistryAct::act)
                .toList();
    }

    @Test
    void whatNobodySignedIsOfTheRegistryAlone() {
        registry.published("acme/unsigned@1.0.0");
        Coordinate coordinate = Coordinate.parse("acme/unsigned@1.0.0");
        ReleaseBundle registrys =
                ReleaseBundle.parse(file(coordinate, ".vsa.sigstore.json").body());
        VerificationSummary summary = VerificationSummary.of(Statement.parse(registrys.envelope()));
        assertThat(summary.levels()).containsExactly("PS_L1");
        assertThat(summary.inputs()).isEmpty();
        assertThat(file(coordinate, ".sigstore.json").statusCode()).isEqualTo(404);
        assertThat(file(coordinate, ".other").statusCode()).isEqualTo(404);
    }

    @Test
    void yanksQuarantinesAndClaimsAreInTheLog() {
        registry.published("acts/thing@1.0.0");
        assertThat(acts("acts")).containsExactly("namespace-claimed");
        change("acts/thing@1.0.0", "{\"yanked\":{\"reason\":\"loses data\"}}");
        change("acts/thing@1.0.0", "{\"yanked\":null}");
        change("acts/thing@1.0.0", "{\"quarantined\":{\"reason\":\"steals\"}}");
        Awaiting.until(
                () ->
                        acts("acts/thing@1.0.0")
                                .equals(
                                        List.of(
                                                "release-yanked",
                                                "release-unyanked",
                                                "release-quarantined")));
        List<VerificationSummary> failed =
                statements().stream()
                        .filter(one -> one.predicateType().equals(VerificationSummary.TYPE))
                        .map(VerificationSummary::of)
                        .filter(summary -> !summary.passed())
                        .toList();
        assertThat(failed)
                .singleElement()
                .satisfies(
                        summary -> {
                            assertThat(summary.levels()).containsExactly("PS_L0");
                            assertThat(summary.coordinate()).hasToString("acts/thing@1.0.0");
                        });
    }

    @Test
    void certificatesAndTheirRevocationAreInTheLog() {
        String owner = registry.newAccount("certified");
        assertThat(
                        registry.call(
                                        owner,
                                        "POST",
                                        "/api/v1/namespaces",
                                        "{\"namespace\": \"certified\"}")
                                .statusCode())
                .isEqualTo(201);
        Signer key = new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
        String path = "/api/v1/namespaces/certified/certificates";
        try (BadTokens tokens = new BadTokens(registry, "certified")) {
            String signedIn = tokens.issued(Instant.now(), tokens.ours(), tokens.session());
            JsonNode issued =
                    json(
                            registry.send(
                                    registry.request(path)
                                            .header("Authorization", "Bearer " + signedIn)
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofByteArray(
                                                            SigningRequest.write("me", key)))));
            String serial = issued.path("serial").asText();
            HttpResponse<byte[]> revoked =
                    registry.call(
                            signedIn,
                            "POST",
                            path + "/" + serial + "/revocation",
                            "{\"reason\": \"superseded\"}");
            assertThat(revoked.statusCode()).isEqualTo(200);
            Awaiting.until(
                    () ->
                            acts("certified")
                                    .equals(
                                            List.of(
                                                    "namespace-claimed",
                                                    "certificate-issued",
                                                    "certificate-revoked")));
            assertThat(details("certificate-issued"))
                    .contains(serial, "sha256:" + key.key().id().hex());
            assertThat(details("certificate-revoked")).contains(serial, "superseded");
        }
    }

    @Test
    void whatARevokedCertificateSignsIsRefusedAlsoWhenItWasSentBefore() {
        String owner = registry.newAccount("withdrawn");
        assertThat(
                        registry.call(
                                        owner,
                                        "POST",
                                        "/api/v1/namespaces",
                                        "{\"namespace\": \"withdrawn\"}")
                                .statusCode())
                .isEqualTo(201);
        Signer key = new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
        String path = "/api/v1/namespaces/withdrawn/certificates";
        Coordinate coordinate = Coordinate.parse("withdrawn/thing@1.0.0");
        byte[] jar = jar(coordinate.toString());
        try (BadTokens tokens = new BadTokens(registry, "withdrawn")) {
            String signedIn = tokens.issued(Instant.now(), tokens.ours(), tokens.session());
            JsonNode issued =
                    json(
                            registry.send(
                                    registry.request(path)
                                            .header("Authorization", "Bearer " + signedIn)
                                            .POST(
                                                    HttpRequest.BodyPublishers.ofByteArray(
                                                            SigningRequest.write("me", key)))));
            ReleaseBundle bundle =
                    new TestPublisher(
                                    key, Certificate.parsePem(issued.path("certificate").asText()))
                            .sign(coordinate, jar);
            assertThat(sendBundleAs(owner, coordinate, bundle).statusCode()).isEqualTo(201);
            HttpResponse<byte[]> revoked =
                    registry.call(
                            signedIn,
                            "POST",
                            path + "/" + issued.path("serial").asText() + "/revocation",
                            "{\"reason\": \"superseded\"}");
            assertThat(revoked.statusCode()).isEqualTo(200);

            TestRegistry.assertProblem(
                    sendBundleAs(owner, coordinate, bundle), 422, "signature-refused", "revoked");
            TestRegistry.assertProblem(
                    registry.publishAs(
                            owner,
                            coordinate.toString(),
                            jar,
                            "Publisher-Bundle",
                            bundle.publisherDigest().toString()),
                    422,
                    "signature-refused",
                    "revoked");
        }
    }

    private HttpResponse<byte[]> sendBundleAs(
            String token, Coordinate coordinate, ReleaseBundle bundle) {
        return registry.send(
                registry.request(path(coordinate) + "/bundle")
                        .header("Authorization", "Bearer " + token)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(bundle.bytes())));
    }

    private List<String> details(String act) {
        return statements().stream()
                .filter(statement -> statement.predicateType().equals(RegistryAct.TYPE))
                .map(RegistryAct::of)
                .filter(one -> one.act().equals(act))
                .flatMap(one -> one.detail().valueStream())
                .map(JsonNode::asText)
                .toList();
    }

    private void change(String coordinate, String body) {
        HttpResponse<byte[]> response =
                registry.send(
                        registry.request(path(Coordinate.parse(coordinate)))
                                .header("Authorization", "Bearer " + registry.token())
                                .header("Content-Type", "application/json")
                                .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(text(response.body())).isEqualTo(200);
    }

    @Test
    void bundlesOfOthersAreRefusedWithTheFactThatFailed() {
        Coordinate coordinate = Coordinate.parse("acme/refused@1.0.0");
        byte[] jar = jar(coordinate.toString());
        Instant now = Instant.now();
        ReleaseBundle good = acme.sign(coordinate, jar);
        TestPublisher other = TestPublisher.of(registry, "other");
        TestPublisher past =
                TestPublisher.unknown(
                        trust, "acme", now.minus(Duration.ofDays(2)), Duration.ofDays(1));
        TestPublisher unknown = TestPublisher.unknown(trust, "acme", now, Duration.ofDays(90));
        refuses(coordinate, "{}".getBytes(StandardCharsets.UTF_8), "mediaType");
        refuses(coordinate, new byte[] {1, 2}, "not taken");
        refuses(
                coordinate,
                other.sign(coordinate, jar).bytes(),
                "of https://localhost/publishers/other");
        refuses(coordinate, past.sign(coordinate, jar).bytes(), "is valid");
        refuses(coordinate, unknown.sign(coordinate, jar).bytes(), "issued no certificate");
        refuses(
                coordinate,
                new ReleaseBundle(good.envelope(), TestPublisher.of(registry, "acme").certificate())
                        .bytes(),
                "not signed by the key");
        refuses(
                coordinate,
                acme.sign(Coordinate.parse("acme/another@1.0.0"), jar("acme/another@1.0.0"))
                        .bytes(),
                "acme/another@1.0.0");
    }

    private void refuses(Coordinate coordinate, byte[] bundle, String because) {
        HttpResponse<byte[]> response = sendBundle(coordinate, bundle);
        TestRegistry.assertProblem(response, 422, "signature-refused", because);
    }

    @Test
    void aBundleIsHeldAgainstTheBytesThatCome() {
        Coordinate coordinate = Coordinate.parse("acme/bytes@1.0.0");
        byte[] jar = jar(coordinate.toString());
        ReleaseStatement statement = TestPublisher.statement(coordinate, jar);
        ReleaseStatement ofOtherBytes =
                new ReleaseStatement(
                        coordinate,
                        Digest.ofBytes(new byte[1]),
                        statement.artifactSha512(),
                        statement.manifest(),
                        List.of(),
                        Optional.empty());
        ReleaseStatement ofMore =
                new ReleaseStatement(
                        coordinate,
                        statement.artifact(),
                        statement.artifactSha512(),
                        statement.manifest(),
                        List.of("net.out:api.example.com:443"),
                        Optional.empty());
        ReleaseStatement ofOtherManifest =
                new ReleaseStatement(
                        coordinate,
                        statement.artifact(),
                        statement.artifactSha512(),
                        Digest.ofBytes(new byte[2]),
                        List.of(),
                        Optional.empty());
        for (Map.Entry<ReleaseStatement, String> one :
                Map.of(
                                ofOtherBytes, "artifact",
                                ofMore, "capabilities",
                                ofOtherManifest, "manifest")
                        .entrySet()) {
            HttpResponse<byte[]> sent = sendBundle(coordinate, acme.sign(one.getKey()).bytes());
            assertThat(sent.statusCode()).isEqualTo(201);
            HttpResponse<byte[]> refused =
                    publish(coordinate, jar, json(sent).path("digest").asText());
            TestRegistry.assertProblem(refused, 422, "signature-refused", one.getValue());
        }
        HttpResponse<byte[]> unknown =
                publish(coordinate, jar, Digest.ofBytes(new byte[3]).toString());
        TestRegistry.assertProblem(unknown, 422, "signature-refused", "there is no bundle");
        assertThat(publish(coordinate, jar, "sha256:short").statusCode()).isEqualTo(400);
    }

    @Test
    void aRegistryMayTakeSignedReleasesAlone() {
        try (TestRegistry strict =
                TestRegistry.start(Map.of("MODUNEST_PUBLISH_REQUIRE_SIGNATURE", "true"))) {
            HttpResponse<byte[]> refused =
                    strict.publish("acme/plain@1.0.0", jar("acme/plain@1.0.0"));
            TestRegistry.assertProblem(refused, 422, "signature-required", "modunest sign");
        }
    }

    @Test
    void whatIsNotInTheLogIsNotFound() {
        for (String path :
                List.of(
                        logPath() + "/tile/0/999",
                        logPath() + "/tile/x/000",
                        "/log/1999/checkpoint",
                        "/log/1999/tile/0/000")) {
            assertThat(registry.get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(registry.get("/attest/sha256/" + Digest.ofBytes(new byte[9]).hex()).statusCode())
                .isEqualTo(404);
        assertThat(registry.get("/attest/sha256/short").statusCode()).isEqualTo(404);
    }

    @Test
    void statementsOfPrivateNamespacesAreForWhoMayReadThem() {
        HttpResponse<byte[]> claimed =
                registry.send(
                        registry.request("/api/v1/namespaces")
                                .header("Authorization", "Bearer " + registry.token())
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"namespace\":\"secret\",\"private\":true}")));
        assertThat(claimed.statusCode()).isEqualTo(201);
        registry.published("secret/thing@1.0.0");
        Coordinate coordinate = Coordinate.parse("secret/thing@1.0.0");
        assertThat(file(coordinate, ".vsa.sigstore.json").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> file =
                registry.send(
                        registry.request(
                                        "/artifacts/secret/thing/1.0.0/"
                                                + coordinate.fileName()
                                                + ".vsa.sigstore.json")
                                .header("Authorization", "Bearer " + registry.token()));
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.headers().firstValue("Cache-Control")).contains("private, no-cache");
        String payload =
                "/attest/sha256/"
                        + ReleaseBundle.parse(file.body()).envelope().payloadDigest().hex();
        assertThat(registry.get(payload).statusCode()).isEqualTo(404);
        assertThat(
                        registry.send(
                                        registry.request(payload)
                                                .header(
                                                        "Authorization",
                                                        "Bearer " + registry.token()))
                                .statusCode())
                .isEqualTo(200);
    }
}
