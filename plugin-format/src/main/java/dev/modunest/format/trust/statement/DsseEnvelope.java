package dev.modunest.format.trust.statement;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.json.JsonFields;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A statement with its one signature (DSSE 1.0, protocol and envelope), without a key id. */
public final class DsseEnvelope {

    /** The payload type of in-toto statements. */
    public static final String IN_TOTO = "application/vnd.in-toto+json";

    private final String payloadType;
    private final byte[] payload;
    private final byte[] signature;

    public DsseEnvelope(String payloadType, byte[] payload, byte[] signature) {
        this.payloadType = payloadType;
        this.payload = payload.clone();
        this.signature = signature.clone();
    }

    /** Signs a statement. */
    public static DsseEnvelope sign(Statement statement, Signer signer) {
        byte[] payload = statement.payload();
        return new DsseEnvelope(IN_TOTO, payload, signer.sign(pae(IN_TOTO, payload)));
    }

    /**
     * Reads an envelope.
     *
     * @throws IllegalArgumentException when it is malformed or has not exactly one signature
     */
    public static DsseEnvelope parse(JsonFields json) {
        json.only("payload", "payloadType", "signatures");
        List<JsonFields> signatures = json.objects("signatures");
        if (signatures.size() != 1) {
            throw json.fault("signatures", "has " + signatures.size() + " elements and not one");
        }
        return new DsseEnvelope(
                json.text("payloadType"),
                json.base64("payload"),
                signatures.getFirst().only("sig").base64("sig"));
    }

    public String payloadType() {
        return payloadType;
    }

    public byte[] payload() {
        return payload.clone();
    }

    public byte[] signature() {
        return signature.clone();
    }

    public Digest payloadDigest() {
        return Digest.ofBytes(payload);
    }

    /** What the signature is over: the pre-authentication encoding. */
    public byte[] pae() {
        return pae(payloadType, payload);
    }

    public static byte[] pae(String payloadType, byte[] payload) {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream pae = new ByteArrayOutputStream(payload.length + 64);
        pae.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.UTF_8));
        pae.writeBytes(type);
        pae.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.UTF_8));
        pae.writeBytes(payload);
        return pae.toByteArray();
    }

    public boolean isSignedBy(VerifyingKey key) {
        return key.verify(pae(), signature);
    }

    public ObjectNode json() {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("payload", Base64.getEncoder().encodeToString(payload));
        json.put("payloadType", payloadType);
        json.putArray("signatures")
                .addObject()
                .put("sig", Base64.getEncoder().encodeToString(signature));
        return json;
    }

    /** The SHA-256 of the canonical JSON. */
    public Digest digest() {
        return CanonicalJson.digest(json());
    }
}
