package dev.modunest.format.trust.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.testing.TrustFixture;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Envelopes that a log of Sigstore's has under each of its types. */
class LoggedTypesTest {

    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final ReleaseBundle BUNDLE = FIXTURE.release().publisherBundle();
    private static final DsseEnvelope ENVELOPE = BUNDLE.envelope();
    private static final SigstoreVerifier VERIFIER = new SigstoreVerifier(FIXTURE.trustedRoot());

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String pem() {
        return base64(BUNDLE.certificate().pem().getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(Digest digest) {
        return HexFormat.of().parseHex(digest.hex());
    }

    private static ObjectNode body(String kind, String version) {
        ObjectNode body = StrictJson.JSON.createObjectNode();
        body.put("kind", kind).put("apiVersion", version);
        ObjectNode spec = body.putObject("spec");
        switch (kind + " " + version) {
            case "dsse 0.0.2" -> {
                ObjectNode v2 = spec.putObject("dsseV002");
                v2.putObject("payloadHash")
                        .put("algorithm", "SHA2_256")
                        .put("digest", base64(bytes(ENVELOPE.payloadDigest())));
                ObjectNode signature = v2.putArray("signatures").addObject();
                signature.put("content", base64(ENVELOPE.signature()));
                signature
                        .putObject("verifier")
                        .putObject("x509Certificate")
                        .put("rawBytes", base64(BUNDLE.certificate().der()));
            }
            case "intoto 0.0.2" -> {
                ObjectNode content = spec.putObject("content");
                content.putObject("payloadHash")
                        .put("algorithm", "sha256")
                        .put("value", ENVELOPE.payloadDigest().hex());
                ObjectNode envelope = content.putObject("envelope");
                envelope.put("payloadType", ENVELOPE.payloadType());
                envelope.putArray("signatures")
                        .addObject()
                        .put(
                                "sig",
                                base64(
                                        base64(ENVELOPE.signature())
                                                .getBytes(StandardCharsets.US_ASCII)))
                        .put("publicKey", pem());
            }
            default -> {
                spec.putObject("data")
                        .putObject("hash")
                        .put("algorithm", "sha256")
                        .put("value", Digest.ofBytes(ENVELOPE.pae()).hex());
                spec.putObject("signature")
                        .put("content", base64(ENVELOPE.signature()))
                        .putObject("publicKey")
                        .put("content", pem());
            }
        }
        return body;
    }

    private static Optional<String> faultOf(ObjectNode body, String kind, String version) {
        long index = FIXTURE.log().append(body.toString().getBytes(StandardCharsets.UTF_8));
        ObjectNode json =
                StrictJson.object(
                        BUNDLE.with(FIXTURE.log().entry(index, TrustFixture.NOW), List.of())
                                .bytes());
        ObjectNode entry = (ObjectNode) json.at("/verificationMaterial/tlogEntries/0");
        ((ObjectNode) entry.get("kindVersion")).put("kind", kind).put("version", version);
        return VERIFIER.faultOf(
                json.toString().getBytes(StandardCharsets.UTF_8),
                new SigstoreVerifier.Artifact(Digest.ofBytes(TrustFixture.JAR), Optional.empty()),
                new SigstoreVerifier.Signer.Identity(
                        "https://registry.example.com/publishers/acme",
                        "https://registry.example.com"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dsse 0.0.2", "intoto 0.0.2", "hashedrekord 0.0.1"})
    void acceptsTheEntryOfThisSignatureAlone(String type) {
        String[] words = type.split(" ", -1);
        ObjectNode body = body(words[0], words[1]);
        assertThat(faultOf(body, words[0], words[1])).isEmpty();
        String signature = base64(ENVELOPE.signature());
        String other = base64(FIXTURE.publisher().signer().sign(new byte[] {1}));
        ObjectNode changed =
                StrictJson.object(
                        body.toString()
                                .replace(signature, other)
                                .replace(
                                        base64(signature.getBytes(StandardCharsets.US_ASCII)),
                                        base64(other.getBytes(StandardCharsets.US_ASCII))));
        assertThat(faultOf(changed, words[0], words[1])).isPresent();
        ((ObjectNode) body.get("spec")).removeAll();
        assertThat(faultOf(body, words[0], words[1])).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dsse 0.0.3", "rekord 0.0.1"})
    void refusesTypesThatItDoesNotRead(String type) {
        String[] words = type.split(" ", -1);
        ObjectNode body = body(words[0], words[1]);
        assertThat(faultOf(body, words[0], words[1])).isPresent();
    }
}
