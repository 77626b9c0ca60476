package dev.modunest.format.trust.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.CertificateLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.sigstore.SigstoreVerifier.Artifact;
import dev.modunest.format.trust.sigstore.SigstoreVerifier.Signer;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.testing.TrustFixture.Identity;
import dev.modunest.format.trust.x509.Validity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

class SigstoreVerifierTest {

    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final TrustedRoot ROOT = FIXTURE.trustedRoot();
    private static final SigstoreVerifier VERIFIER = new SigstoreVerifier(ROOT);
    private static final byte[] BUNDLE = FIXTURE.release().publisherBundle().bytes();
    private static final Artifact JAR =
            new Artifact(
                    Digest.ofBytes(TrustFixture.JAR), Optional.of(Octets.of(TrustFixture.JAR)));
    private static final Signer PUBLISHER =
            new Signer.Identity(
                    "https://registry.example.com/publishers/acme", "https://registry.example.com");

    private static Optional<String> changed(Consumer<ObjectNode> change) {
        ObjectNode json = StrictJson.object(BUNDLE);
        change.accept(json);
        return VERIFIER.faultOf(json.toString().getBytes(StandardCharsets.UTF_8), JAR, PUBLISHER);
    }

    @Test
    void verifiesAnEnvelopeThatIsLogged() {
        assertThat(VERIFIER.faultOf(BUNDLE, JAR, PUBLISHER)).isEmpty();
        assertThat(
                        VERIFIER.faultOf(
                                BUNDLE, new Artifact(JAR.digest(), Optional.empty()), PUBLISHER))
                .isEmpty();
    }

    @Test
    void refusesOthers() {
        Signer another = new Signer.Identity("https://x", "https://registry.example.com");
        Signer elsewhere =
                new Signer.Identity(
                        "https://registry.example.com/publishers/acme", "https://elsewhere");
        Artifact other = new Artifact(Digest.ofBytes(new byte[1]), Optional.empty());
        assertThat(VERIFIER.faultOf(BUNDLE, JAR, another)).isPresent();
        assertThat(VERIFIER.faultOf(BUNDLE, JAR, elsewhere)).isPresent();
        assertThat(VERIFIER.faultOf(BUNDLE, other, PUBLISHER)).isPresent();
        assertThat(VERIFIER.faultOf(BUNDLE, JAR, new Signer.Key("x"))).isPresent();
        assertThat(
                        new SigstoreVerifier(new TrustFixture().trustedRoot())
                                .faultOf(BUNDLE, JAR, PUBLISHER))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "/mediaType, application/json",
        "/mediaType, application/vnd.dev.sigstore.bundle+json;version=0.4",
        "/dsseEnvelope/payloadType, text/plain",
        "/verificationMaterial/tlogEntries/0/integratedTime, 5",
        "/verificationMaterial/tlogEntries/0/logIndex, 0",
        "/verificationMaterial/tlogEntries/0/kindVersion/kind, hashedrekord",
        "/verificationMaterial/tlogEntries/0/logId/keyId, AAAA",
        "/verificationMaterial/tlogEntries/0/inclusionProof/rootHash, AAAA",
        "/verificationMaterial/tlogEntries/0/canonicalizedBody, e30=",
        "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp, MAA="
    })
    void refusesChangedFields(String pointer, String value) {
        assertThat(
                        changed(
                                json -> {
                                    int slash = pointer.lastIndexOf('/');
                                    JsonNode parent = json.at(pointer.substring(0, slash));
                                    ((ObjectNode) parent).put(pointer.substring(slash + 1), value);
                                }))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tlogEntries", "certificate", "timestampVerificationData"})
    void tellsWhatIsMissing(String field) {
        Optional<String> fault =
                changed(json -> ((ObjectNode) json.get("verificationMaterial")).remove(field));
        // The log's promise proves the time as well as a stamp.
        assertThat(fault.isEmpty()).isEqualTo(field.equals("timestampVerificationData"));
    }

    private static byte[] message(Identity by, boolean version2) {
        byte[] signature = by.signer().sign(TrustFixture.JAR);
        byte[] digest = HexFormat.of().parseHex(JAR.digest().hex());
        ObjectNode body = StrictJson.JSON.createObjectNode();
        body.put("apiVersion", version2 ? "0.0.2" : "0.0.1").put("kind", "hashedrekord");
        ObjectNode spec = body.putObject("spec");
        if (version2) {
            ObjectNode v2 = spec.putObject("hashedRekordV002");
            v2.putObject("data").put("algorithm", "SHA2_256").put("digest", base64(digest));
            ObjectNode logged = v2.putObject("signature").put("content", base64(signature));
            logged.putObject("verifier")
                    .putObject("x509Certificate")
                    .put("rawBytes", base64(by.certificate().der()));
        } else {
            spec.putObject("data")
                    .putObject("hash")
                    .put("algorithm", "sha256")
                    .put("value", JAR.digest().hex());
            ObjectNode logged = spec.putObject("signature").put("content", base64(signature));
            logged.putObject("publicKey")
                    .put(
                            "content",
                            base64(by.certificate().pem().getBytes(StandardCharsets.US_ASCII)));
        }
        long index = FIXTURE.log().append(body.toString().getBytes(StandardCharsets.UTF_8));
        ObjectNode json = StrictJson.object(BUNDLE);
        json.remove("dsseEnvelope");
        ObjectNode message = json.putObject("messageSignature");
        message.putObject("messageDigest")
                .put("algorithm", "SHA2_256")
                .put("digest", base64(digest));
        message.put("signature", base64(signature));
        ObjectNode material = (ObjectNode) json.get("verificationMaterial");
        ((ObjectNode) material.get("certificate")).put("rawBytes", base64(by.certificate().der()));
        material.remove("timestampVerificationData");
        ObjectNode entry =
                (ObjectNode)
                        StrictJson.object(
                                        FIXTURE.release()
                                                .publisherBundle()
                                                .with(
                                                        FIXTURE.log()
                                                                .entry(index, TrustFixture.NOW),
                                                        List.of())
                                                .bytes())
                                .at("/verificationMaterial/tlogEntries/0");
        ((ObjectNode) entry.get("kindVersion"))
                .put("kind", "hashedrekord")
                .put("version", version2 ? "0.0.2" : "0.0.1");
        ((ArrayNode) material.get("tlogEntries")).removeAll().add(entry);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void verifiesMessagesAndDigests(boolean version2) {
        byte[] bundle = message(FIXTURE.publisher(), version2);
        assertThat(VERIFIER.faultOf(bundle, JAR, PUBLISHER)).isEmpty();
        assertThat(
                        VERIFIER.faultOf(
                                bundle, new Artifact(JAR.digest(), Optional.empty()), PUBLISHER))
                .isEmpty();
        Artifact other = new Artifact(Digest.ofBytes(new byte[1]), Optional.empty());
        assertThat(VERIFIER.faultOf(bundle, other, PUBLISHER)).isPresent();
    }

    @Test
    void verifiesWithAKeyThatIsGiven() {
        KeyPairSigner signer =
                new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json");
        json.putObject("verificationMaterial").putObject("publicKey").put("hint", "x");
        json.putObject("messageSignature").put("signature", base64(signer.sign(TrustFixture.JAR)));
        byte[] bundle = json.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(VERIFIER.faultOf(bundle, JAR, new Signer.Key(pem(signer.key())))).isEmpty();
        VerifyingKey other = FIXTURE.publisher().signer().key();
        assertThat(VERIFIER.faultOf(bundle, JAR, new Signer.Key(pem(other)))).isPresent();
        assertThat(VERIFIER.faultOf(bundle, JAR, PUBLISHER)).isPresent();
    }

    private static String pem(VerifyingKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + base64(key.spki()) + "\n-----END PUBLIC KEY-----\n";
    }

    @Test
    void demandsThatCertificatesAreLoggedWhereTheRootHasLogsOfThem() {
        KeyPairSigner log =
                new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
        TrustedRoot root =
                new TrustedRoot(
                        ROOT.authorities(),
                        ROOT.logs(),
                        List.of(
                                new CertificateLog(
                                        "https://ct.example.org",
                                        log.key().publicKey(),
                                        log.key().id().hex(),
                                        new Validity(Instant.EPOCH, Optional.empty()))),
                        ROOT.timeStampAuthorities());
        assertThat(new SigstoreVerifier(root).faultOf(BUNDLE, JAR, PUBLISHER))
                .contains("no trusted log has the certificate");
    }
}
