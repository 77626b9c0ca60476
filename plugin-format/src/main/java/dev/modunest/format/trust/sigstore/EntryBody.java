package dev.modunest.format.trust.sigstore;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.x509.Certificate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Whether an entry of a log is of the signature in a bundle: Rekor's types hashedrekord 0.0.1 and
 * 0.0.2, dsse 0.0.1 and 0.0.2, intoto 0.0.2.
 */
final class EntryBody {

    private final JsonNode body;
    private final byte[] signature;
    private final byte[] verifier;
    private final Optional<Certificate> certificate;

    EntryBody(TlogEntry entry, byte[] signature, Optional<Certificate> certificate, byte[] spki) {
        this.body = StrictJson.object(entry.body().bytes());
        this.signature = signature.clone();
        this.certificate = certificate;
        this.verifier = spki.clone();
        if (!body.path("kind").asText().equals(entry.kind())
                || !body.path("apiVersion").asText().equals(entry.version())) {
            throw new IllegalArgumentException("an entry of the log is of another type");
        }
    }

    Optional<String> faultFor(SigstoreBundle.Content content, Digest artifact) {
        String type = body.path("kind").asText() + " " + body.path("apiVersion").asText();
        JsonNode spec = body.path("spec");
        boolean right =
                switch (type) {
                    case "hashedrekord 0.0.1" ->
                            text(spec.at("/data/hash/algorithm"), "sha256")
                                    && text(
                                            spec.at("/data/hash/value"),
                                            signed(content, artifact).hex())
                                    && base64(spec.at("/signature/content"), signature)
                                    && isPem(spec.at("/signature/publicKey/content"));
                    case "hashedrekord 0.0.2" -> {
                        JsonNode v2 = spec.path("hashedRekordV002");
                        yield text(v2.at("/data/algorithm"), "SHA2_256")
                                && base64(v2.at("/data/digest"), bytes(signed(content, artifact)))
                                && base64(v2.at("/signature/content"), signature)
                                && isVerifier(v2.at("/signature/verifier"));
                    }
                    case "dsse 0.0.1" ->
                            content instanceof SigstoreBundle.Content.Envelope envelope
                                    && text(
                                            spec.at("/payloadHash/value"),
                                            Digest.ofBytes(envelope.payload().bytes()).hex())
                                    && spec.path("signatures").size() == 1
                                    && base64(spec.at("/signatures/0/signature"), signature)
                                    && isPem(spec.at("/signatures/0/verifier"));
                    case "dsse 0.0.2" -> {
                        JsonNode v2 = spec.path("dsseV002");
                        yield content instanceof SigstoreBundle.Content.Envelope envelope
                                && base64(
                                        v2.at("/payloadHash/digest"),
                                        bytes(Digest.ofBytes(envelope.payload().bytes())))
                                && v2.path("signatures").size() == 1
                                && base64(v2.at("/signatures/0/content"), signature)
                                && isVerifier(v2.at("/signatures/0/verifier"));
                    }
                    case "intoto 0.0.2" -> isInToto(spec.path("content"), content);
                    default -> false;
                };
        return right
                ? Optional.empty()
                : Optional.of("the entry of the log (" + type + ") is not of this signature");
    }

    private boolean isInToto(JsonNode logged, SigstoreBundle.Content content) {
        JsonNode only = logged.at("/envelope/signatures");
        return content instanceof SigstoreBundle.Content.Envelope envelope
                && text(
                        logged.at("/payloadHash/value"),
                        Digest.ofBytes(envelope.payload().bytes()).hex())
                && text(logged.at("/envelope/payloadType"), envelope.payloadType())
                && only.size() == 1
                && base64(only.path(0).path("sig"), Base64.getEncoder().encode(signature))
                && isPem(only.path(0).path("publicKey"));
    }

    /** What a hashedrekord has the hash of: the artifact, or the encoding that DSSE signs. */
    private static Digest signed(SigstoreBundle.Content content, Digest artifact) {
        return switch (content) {
            case SigstoreBundle.Content.Message _ -> artifact;
            case SigstoreBundle.Content.Envelope envelope ->
                    Digest.ofBytes(
                            DsseEnvelope.pae(envelope.payloadType(), envelope.payload().bytes()));
        };
    }

    private static byte[] bytes(Digest digest) {
        return HexFormat.of().parseHex(digest.hex());
    }

    private static boolean text(JsonNode node, String text) {
        return text.equals(node.textValue());
    }

    private static boolean base64(JsonNode node, byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes).equals(node.textValue());
    }

    private boolean isPem(JsonNode node) {
        byte[] pem = Base64.getDecoder().decode(node.asText());
        String text = new String(pem, StandardCharsets.US_ASCII);
        if (certificate.isPresent()) {
            return Certificate.parsePem(text).equals(certificate.get());
        }
        return Arrays.equals(PublicKeyPem.parse(text), verifier);
    }

    private boolean isVerifier(JsonNode node) {
        return certificate.isPresent()
                ? base64(node.at("/x509Certificate/rawBytes"), certificate.get().der())
                : base64(node.at("/publicKey/rawBytes"), verifier);
    }
}
