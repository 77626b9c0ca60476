package dev.modunest.load;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key of P-256 with the certificate of a namespace, which signs plugins as {@code modunest sign}
 * does (DSSE 1.0, in-toto Statement v1, Sigstore bundle v0.3). Needs no class of the registry, so
 * that load tests run alone. Thread-safe.
 */
final class PublisherKey {

    private static final String NAMESPACES = "/api/v1/namespaces";
    private static final int CREATED = 201;
    private static final Pattern TAKEN = Pattern.compile("\"type\"\\s*:\\s*\"[^\"]*/name-taken\"");

    /** The body of the certificate, in an answer whose lines are escaped. */
    private static final Pattern CERTIFICATE =
            Pattern.compile(
                    "\"-----BEGIN CERTIFICATE-----\\\\n([A-Za-z0-9+/=\\\\]+?)\\\\n-----END");

    private static final String TYPE = "application/vnd.in-toto+json";

    /** AlgorithmIdentifier of ecdsa-with-SHA256 (RFC 5758 3.2). */
    private static final byte[] ECDSA_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");

    private final KeyPair pair;
    private final String certificate;

    private PublisherKey(KeyPair pair, String certificate) {
        this.pair = pair;
        this.certificate = certificate;
    }

    /** Makes a key, claims {@code namespace} when nobody has it, and has the key certified. */
    static PublisherKey certify(RegistryClient client, String namespace, String token) {
        RegistryClient.Answer claimed =
                client.send(
                        post(client, NAMESPACES, token)
                                .header("Content-Type", "application/json")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"namespace\":\"" + namespace + "\"}")));
        if (claimed.status() != CREATED && !TAKEN.matcher(claimed.body()).find()) {
            throw refused(NAMESPACES, namespace, claimed);
        }
        KeyPair pair = generate();
        String path = NAMESPACES + "/" + namespace + "/certificates";
        RegistryClient.Answer issued =
                client.send(
                        post(client, path, token).POST(BodyPublishers.ofByteArray(request(pair))));
        Matcher found = CERTIFICATE.matcher(issued.body());
        if (issued.status() != CREATED || !found.find()) {
            throw refused(path, namespace, issued);
        }
        return new PublisherKey(pair, found.group(1).replace("\\n", ""));
    }

    private static HttpRequest.Builder post(RegistryClient client, String path, String token) {
        return HttpRequest.newBuilder(client.base().resolve(path))
                .header("Authorization", "Bearer " + token);
    }

    private static LoadTestException refused(
            String path, String namespace, RegistryClient.Answer answer) {
        return new LoadTestException(
                "POST "
                        + path
                        + " answered "
                        + answer.status()
                        + " for "
                        + namespace
                        + "; -Dsigned needs tokens that may claim namespaces, and a registry with trust.certificates_by_api_token, as of ./modunest up");
    }

    private static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has P-256", impossible);
        }
    }

    /** A certification request with an empty subject (PKCS#10, RFC 2986), DER. */
    private static byte[] request(KeyPair pair) {
        byte[] version = der(0x02, new byte[1]);
        byte[] info = der(0x30, version, der(0x30), pair.getPublic().getEncoded(), der(0xa0));
        return der(0x30, info, ECDSA_SHA256, der(0x03, new byte[1], sign(pair, info)));
    }

    /** A value of X.690 with a length of up to 65,535. */
    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        if (length > 0xff) {
            value.write(0x82);
            value.write(length >> 8);
        } else if (length > 0x7f) {
            value.write(0x81);
        }
        value.write(length);
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }

    private static byte[] sign(KeyPair pair, byte[] message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has ECDSA", impossible);
        }
    }

    /** The bundle of a plugin, JSON. */
    String sign(PluginJar jar) {
        byte[] payload = statement(jar).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream pae = new ByteArrayOutputStream();
        pae.writeBytes(
                ("DSSEv1 " + TYPE.length() + " " + TYPE + " " + payload.length + " ")
                        .getBytes(StandardCharsets.US_ASCII));
        pae.writeBytes(payload);
        Base64.Encoder base64 = Base64.getEncoder();
        return """
        {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{"payload":"%s","payloadType":"%s","signatures":[{"sig":"%s"}]},"verificationMaterial":{"certificate":{"rawBytes":"%s"}}}"""
                .formatted(
                        base64.encodeToString(payload),
                        TYPE,
                        base64.encodeToString(sign(pair, pae.toByteArray())),
                        certificate);
    }

    private static String statement(PluginJar jar) {
        String purl = "pkg:plugin/" + jar.coordinate();
        return """
        {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"%s","digest":{"sha256":"%s","sha512":"%s"}}],"predicateType":"https://in-toto.io/attestation/release/v0.1","predicate":{"purl":"%s","packageId":"%s","releaseId":"%s","manifestSha256":"%s","capabilities":[]}}"""
                .formatted(
                        purl,
                        jar.sha256(),
                        jar.sha512(),
                        purl,
                        jar.plugin(),
                        jar.coordinate(),
                        jar.manifestSha256());
    }
}
