package dev.modunest.format.trust.bundle;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.x509.Certificate;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The entry of a signed statement in the log: Rekor's type {@code dsse}, version 0.0.1. */
public final class DsseLogBody {

    static final String KIND = "dsse";
    static final String VERSION = "0.0.1";

    private DsseLogBody() {}

    /** The one entry that an envelope and its certificate have: canonical JSON (RFC 8785). */
    public static byte[] of(DsseEnvelope envelope, Certificate certificate) {
        ObjectNode entry = StrictJson.JSON.createObjectNode();
        entry.put("apiVersion", VERSION);
        entry.put("kind", KIND);
        ObjectNode spec = entry.putObject("spec");
        hash(spec.putObject("envelopeHash"), envelope.digest());
        hash(spec.putObject("payloadHash"), envelope.payloadDigest());
        ObjectNode signature = spec.putArray("signatures").addObject();
        signature.put("signature", Base64.getEncoder().encodeToString(envelope.signature()));
        signature.put(
                "verifier",
                Base64.getEncoder()
                        .encodeToString(certificate.pem().getBytes(StandardCharsets.US_ASCII)));
        return CanonicalJson.text(entry).getBytes(StandardCharsets.UTF_8);
    }

    private static void hash(ObjectNode into, Digest digest) {
        into.put("algorithm", "sha256").put("value", digest.hex());
    }
}
