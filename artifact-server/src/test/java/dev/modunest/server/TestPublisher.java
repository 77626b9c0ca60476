package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.CertificateProfile;
import dev.modunest.server.x509.SigningRequest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** A publisher with a key and a certificate of the registry. */
record TestPublisher(Signer signer, Certificate certificate) {

    private static final String NAMESPACES = "/api/v1/namespaces";

    /** With a certificate that the administrator gets, who has or claims the namespace. */
    static TestPublisher of(TestRegistry registry, String namespace) {
        return of(registry, "admin", namespace);
    }

    /** With a certificate that {@code account} gets by a sign-in of now. */
    static TestPublisher of(TestRegistry registry, String account, String namespace) {
        try (BadTokens tokens = new BadTokens(registry, account)) {
            return certified(
                    registry.uri("/"),
                    tokens.issued(Instant.now(), tokens.ours(), tokens.session()),
                    namespace);
        }
    }

    /** With a certificate that a registry gives for the token, after a claim of the namespace. */
    static TestPublisher certified(URI registry, String token, String namespace) {
        byte[] claim = ("{\"namespace\": \"" + namespace + "\"}").getBytes(StandardCharsets.UTF_8);
        assertThat(post(registry.resolve(NAMESPACES), token, claim).statusCode()).isIn(201, 409);
        return certifiedOwner(registry, token, namespace);
    }

    /** With a certificate that a registry gives for the token. */
    static TestPublisher certifiedOwner(URI registry, String token, String namespace) {
        Signer signer = new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
        HttpResponse<String> issued =
                post(
                        registry.resolve(NAMESPACES + "/" + namespace + "/certificates"),
                        token,
                        SigningRequest.write(namespace, signer));
        assertThat(issued.statusCode()).as(issued.body()).isEqualTo(201);
        return new TestPublisher(
                signer,
                Certificate.parsePem(
                        StrictJson.object(issued.body()).path("certificate").asText()));
    }

    private static HttpResponse<String> post(URI uri, String token, byte[] body) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofSeconds(60))
                            .header("Authorization", "Bearer " + token)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** With a certificate of the registry's authority that its index does not know. */
    static TestPublisher unknown(
            TrustDirectory trust, String namespace, Instant from, Duration validity) {
        Signer signer = new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256));
        try {
            return new TestPublisher(
                    signer,
                    Certificate.parse(
                            CertificateProfile.publisher(
                                            trust.names(),
                                            trust.issuing().id(),
                                            namespace,
                                            signer.key(),
                                            Optional.empty(),
                                            trust.issuing().authority(),
                                            from,
                                            validity)
                                    .getEncoded()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static ReleaseStatement statement(Coordinate coordinate, byte[] jar) {
        try {
            Inspection.Accepted archive =
                    (Inspection.Accepted)
                            PluginArchive.inspect(
                                    new ByteArrayInputStream(jar), ArchiveLimits.DEFAULT);
            return new ReleaseStatement(
                    coordinate,
                    Digest.ofBytes(jar),
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(jar)),
                    Digest.ofBytes(archive.manifestJson().getBytes(StandardCharsets.UTF_8)),
                    archive.manifest().permissions(),
                    Optional.empty());
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    ReleaseBundle sign(Coordinate coordinate, byte[] jar) {
        return sign(statement(coordinate, jar));
    }

    ReleaseBundle sign(ReleaseStatement statement) {
        return sign(statement.statement());
    }

    ReleaseBundle sign(Statement statement) {
        return new ReleaseBundle(DsseEnvelope.sign(statement, signer), certificate);
    }
}
