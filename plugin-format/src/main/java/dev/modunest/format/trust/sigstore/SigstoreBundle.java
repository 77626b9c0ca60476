package dev.modunest.format.trust.sigstore;

import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.x509.Certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Sigstore bundle v0.1 to v0.3: a message signature or a DSSE envelope, with what proves it.
 *
 * @param version 1 to 3
 * @param certificate of who signed; empty when a key did that is known otherwise
 */
record SigstoreBundle(
        int version,
        Optional<Certificate> certificate,
        List<TlogEntry> entries,
        List<Octets> timeStamps,
        Content content) {

    private static final Set<String> V1 =
            Set.of("application/vnd.dev.sigstore.bundle+json;version=0.1");
    private static final Set<String> V2 =
            Set.of("application/vnd.dev.sigstore.bundle+json;version=0.2");
    private static final Set<String> V3 =
            Set.of(
                    "application/vnd.dev.sigstore.bundle+json;version=0.3",
                    "application/vnd.dev.sigstore.bundle.v0.3+json");
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_ENTRIES = 32;

    /** What is signed. */
    sealed interface Content {

        Octets signature();

        record Message(Optional<Octets> digest, Octets signature) implements Content {}

        record Envelope(String payloadType, Octets payload, Octets signature) implements Content {}
    }

    static SigstoreBundle parse(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new IllegalArgumentException("a bundle has more than 16 MiB");
        }
        JsonFields json = JsonFields.parse(utf8, "bundle");
        json.only("mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature");
        int version = version(json.text("mediaType"));
        JsonFields material =
                json.object("verificationMaterial")
                        .only(
                                "certificate",
                                "x509CertificateChain",
                                "publicKey",
                                "tlogEntries",
                                "timestampVerificationData");
        List<JsonFields> entries = material.objects("tlogEntries");
        List<JsonFields> stamps =
                material.objectIf("timestampVerificationData")
                        .map(times -> times.objects("rfc3161Timestamps"))
                        .orElse(List.of());
        if (entries.size() > MAX_ENTRIES || stamps.size() > MAX_ENTRIES) {
            throw material.fault("tlogEntries", "or time stamps are more than " + MAX_ENTRIES);
        }
        return new SigstoreBundle(
                version,
                certificate(material, version),
                entries.stream().map(TlogEntry::parse).toList(),
                stamps.stream().map(s -> Octets.of(s.base64("signedTimestamp"))).toList(),
                content(json));
    }

    private static int version(String mediaType) {
        if (V1.contains(mediaType)) {
            return 1;
        }
        if (V2.contains(mediaType)) {
            return 2;
        }
        if (V3.contains(mediaType)) {
            return 3;
        }
        throw new IllegalArgumentException("'" + mediaType + "' is no bundle that is read here");
    }

    private static Optional<Certificate> certificate(JsonFields material, int version) {
        List<Certificate> certificates = new ArrayList<>();
        material.objectIf("certificate")
                .ifPresent(each -> certificates.add(Certificate.parse(each.base64("rawBytes"))));
        if (material.has("x509CertificateChain")) {
            if (version == 3) {
                throw material.fault("x509CertificateChain", "has no place in a bundle v0.3");
            }
            List<JsonFields> chain =
                    material.object("x509CertificateChain").objects("certificates");
            if (chain.isEmpty()) {
                throw material.fault("x509CertificateChain", "is empty");
            }
            certificates.add(Certificate.parse(chain.getFirst().base64("rawBytes")));
        }
        if (certificates.size() + (material.has("publicKey") ? 1 : 0) != 1) {
            throw material.fault("certificate", "and other keys: exactly one must be there");
        }
        return certificates.stream().findFirst();
    }

    private static Content content(JsonFields json) {
        if (json.has("messageSignature") == json.has("dsseEnvelope")) {
            throw json.fault("messageSignature", "or dsseEnvelope: exactly one must be there");
        }
        if (json.has("messageSignature")) {
            JsonFields message = json.object("messageSignature").only("messageDigest", "signature");
            Optional<JsonFields> digest = message.objectIf("messageDigest");
            digest.ifPresent(each -> each.require("algorithm", "SHA2_256"));
            return new Content.Message(
                    digest.map(each -> Octets.of(each.base64("digest"))),
                    Octets.of(message.base64("signature")));
        }
        JsonFields envelope =
                json.object("dsseEnvelope").only("payload", "payloadType", "signatures");
        List<JsonFields> signatures = envelope.objects("signatures");
        if (signatures.size() != 1) {
            throw envelope.fault("signatures", "are not exactly one");
        }
        return new Content.Envelope(
                envelope.text("payloadType"),
                Octets.of(envelope.base64("payload")),
                Octets.of(signatures.getFirst().only("sig", "keyid").base64("sig")));
    }
}
