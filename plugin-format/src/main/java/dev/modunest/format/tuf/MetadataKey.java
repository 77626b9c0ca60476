package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;

import java.util.Base64;
import java.util.HexFormat;

/**
 * A public key as metadata writes it (specification 4.2). One of an unknown type, or that does not
 * parse, is held and verifies nothing, so that it can be replaced.
 */
public final class MetadataKey {

    private final String id;
    private final ObjectNode json;
    private final SignatureCheck check;

    private MetadataKey(String id, ObjectNode json, SignatureCheck check) {
        this.id = id;
        this.json = json;
        this.check = check;
    }

    /** A key of Ed25519 or ECDSA P-256; its id is the SHA-256 of its canonical form. */
    public static MetadataKey of(VerifyingKey key) {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        ObjectNode value = StrictJson.JSON.createObjectNode();
        switch (key.algorithm()) {
            case ED25519 -> {
                json.put("keytype", "ed25519").put("scheme", "ed25519");
                value.put("public", HexFormat.of().formatHex(key.raw()));
            }
            case ECDSA_P256 -> {
                json.put("keytype", "ecdsa").put("scheme", "ecdsa-sha2-nistp256");
                value.put("public", pem(key.spki()));
            }
            case ML_DSA_44 ->
                    throw new IllegalArgumentException(
                            SignatureAlgorithm.ML_DSA_44 + " is no scheme of TUF 1.0");
        }
        json.set("keyval", value);
        String id = Digest.ofBytes(OlpcJson.bytes(json)).hex();
        return new MetadataKey(id, json, SignatureCheck.of(json));
    }

    static MetadataKey parse(String id, JsonNode json) {
        if (!(json instanceof ObjectNode object)
                || !object.path("keytype").isTextual()
                || !object.path("scheme").isTextual()
                || !object.path("keyval").isObject()) {
            throw new IllegalArgumentException("key " + id + " has no keytype, scheme and keyval");
        }
        return new MetadataKey(id, object, SignatureCheck.of(object));
    }

    private static String pem(byte[] spki) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(spki)
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** The name by which signatures and roles refer to it. */
    public String id() {
        return id;
    }

    /** The key as documents write it; a copy. */
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** What two keys have in common that are the same, whatever their ids. */
    String material() {
        return check.material();
    }

    boolean verify(byte[] message, byte[] signature) {
        return check.verify(message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetadataKey that && id.equals(that.id) && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }
}
