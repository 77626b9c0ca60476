package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.Purl;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.Subject;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.server.key.Pem;
import dev.modunest.server.x509.SigningRequest;
import dev.modunest.settings.Secret;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.ZipFile;

/** A key with the certificate that says whose namespace it signs for. Thread-safe. */
record PublisherCredential(Signer signer, Certificate certificate) {

    private static final String END = "-----END CERTIFICATE-----";

    /** With the certificate of a file, which must be of this key and valid at {@code now}. */
    static PublisherCredential read(Path file, String namespace, Signer signer, Instant now)
            throws IOException {
        String fix = "; get one with ./modunest cert request " + namespace;
        if (!Files.isReadable(file)) {
            throw StandaloneException.refused(file + " has no certificate" + fix);
        }
        Certificate read = parse(file, fix);
        if (!Arrays.equals(read.key().spki(), signer.key().spki())) {
            throw StandaloneException.refused(file + " is not of the key" + fix);
        }
        if (!read.validity().contains(now)) {
            throw StandaloneException.refused(
                    file + " is not valid now, but " + read.validity() + fix);
        }
        return new PublisherCredential(signer, read);
    }

    /** The file may go on with the certificates of authorities. */
    private static Certificate parse(Path file, String fix) throws IOException {
        try {
            String text = Files.readString(file);
            int end = text.indexOf(END);
            return Certificate.parsePem(end < 0 ? text : text.substring(0, end) + END + "\n");
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.refused(file + " has no certificate" + fix, malformed);
        }
    }

    /** Claims a namespace that nobody has; whose it is the certificate's issue decides. */
    static void claim(URI registry, Secret token, String namespace) throws InterruptedException {
        ApiCall.sendUnless(
                "name-taken",
                registry,
                token,
                "/api/v1/namespaces",
                JsonNodeFactory.instance.objectNode().put("namespace", namespace).toString());
    }

    /** Has a registry certify the key for a namespace; its answer. */
    static JsonNode certify(URI registry, Secret token, String namespace, Signer signer)
            throws InterruptedException {
        return ApiCall.send(
                registry,
                token,
                "POST",
                CertCommand.path(namespace),
                Pem.text(Pem.REQUEST, SigningRequest.write(namespace, signer)));
    }

    /** With a certificate that a registry issues now. */
    static PublisherCredential request(URI registry, Secret token, String namespace, Signer signer)
            throws InterruptedException {
        String pem = certify(registry, token, namespace, signer).path("certificate").asText();
        try {
            return new PublisherCredential(signer, Certificate.parsePem(pem));
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.refused(
                    "the registry " + registry + " answers with no certificate", malformed);
        }
    }

    /** Signs the bytes of a jar that passed inspection. */
    ReleaseBundle sign(PluginJar jar) throws IOException {
        byte[] bytes = Files.readAllBytes(jar.file());
        ReleaseStatement statement =
                new ReleaseStatement(
                        jar.coordinate(),
                        Digest.ofBytes(bytes),
                        sha512(bytes),
                        Digest.ofBytes(manifestOf(jar.file())),
                        jar.manifest().permissions(),
                        Optional.empty());
        return new ReleaseBundle(DsseEnvelope.sign(statement.statement(), signer), certificate);
    }

    /** Signs how a jar was built: a predicate of SLSA provenance v1. */
    ReleaseBundle signProvenance(PluginJar jar, ObjectNode predicate) throws IOException {
        Statement statement =
                new Statement(
                        new Subject(
                                Purl.of(jar.coordinate()),
                                Digest.ofBytes(Files.readAllBytes(jar.file())),
                                Optional.empty()),
                        BuildProvenance.TYPE,
                        predicate);
        return new ReleaseBundle(DsseEnvelope.sign(statement, signer), certificate);
    }

    private static byte[] manifestOf(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.getInputStream(zip.getEntry(Manifest.PATH)).readAllBytes();
        }
    }

    private static String sha512(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("the JDK has SHA-512", missing);
        }
    }
}
