package dev.modunest.format.tuf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.Signer;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is signed and its signatures (specification 4.2), signed by enough or not. Immutable. */
public final class SignedDocument {

    private static final int MAX_SIGNATURES = 256;

    private final ObjectNode signed;
    private final byte[] canonical;
    private final Map<String, byte[]> signatures;

    private SignedDocument(ObjectNode signed, byte[] canonical, Map<String, byte[]> signatures) {
        this.signed = signed;
        this.canonical = canonical;
        this.signatures = signatures;
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static SignedDocument parse(byte[] json) {
        ObjectNode document = StrictJson.object(json);
        if (!(document.get("signed") instanceof ObjectNode signed)) {
            throw new IllegalArgumentException("'signed' is not an object");
        }
        return new SignedDocument(
                signed, OlpcJson.bytes(signed), signatures(document.path("signatures")));
    }

    private static Map<String, byte[]> signatures(JsonNode list) {
        if (!list.isArray() || list.size() > MAX_SIGNATURES) {
            throw new IllegalArgumentException(
                    "'signatures' is not a list of up to " + MAX_SIGNATURES);
        }
        Map<String, byte[]> signatures = new LinkedHashMap<>();
        for (JsonNode signature : list) {
            String key = MetadataFields.text(signature, "keyid");
            byte[] bytes = HexFormat.of().parseHex(MetadataFields.text(signature, "sig"));
            if (signatures.put(key, bytes) != null) {
                throw new IllegalArgumentException("two signatures with key id " + key);
            }
        }
        return signatures;
    }

    /** A document that nobody has signed yet. */
    public static SignedDocument unsigned(ObjectNode signed) {
        ObjectNode copy = signed.deepCopy();
        return new SignedDocument(copy, OlpcJson.bytes(copy), Map.of());
    }

    /** This document with one more signature, or with that of the key renewed. */
    public SignedDocument signedBy(Signer signer) {
        Map<String, byte[]> more = new LinkedHashMap<>(signatures);
        more.put(MetadataKey.of(signer.key()).id(), signer.sign(canonical));
        return new SignedDocument(signed, canonical, more);
    }

    /** Whether the key's signature is there and right. */
    public boolean isSignedBy(MetadataKey key) {
        byte[] signature = signatures.get(key.id());
        return signature != null && key.verify(canonical, signature);
    }

    /** The SHA-256 of what is signed, in canonical form: what holders compare before they sign. */
    public Digest digest() {
        return Digest.ofBytes(canonical);
    }

    /** The document as it is published. */
    public byte[] bytes() {
        ObjectNode document = StrictJson.JSON.createObjectNode();
        ArrayNode list = document.putArray("signatures");
        signatures.forEach(
                (key, signature) ->
                        list.addObject()
                                .put("keyid", key)
                                .put("sig", HexFormat.of().formatHex(signature)));
        document.set("signed", signed);
        try {
            return StrictJson.JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always written", impossible);
        }
    }

    /** What is signed, unknown fields included; a copy. */
    public ObjectNode signed() {
        return signed.deepCopy();
    }

    JsonNode content() {
        return signed;
    }
}
