package dev.modunest.server;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.CertificateProfile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** A publisher with a key and a certificate of the registry's own authority. */
record TestPublisher(Signer signer, Certificate certificate) {

    static TestPublisher of(TrustDirectory trust, String namespace) {
        return of(trust, namespace, Instant.now(), Duration.ofDays(90));
    }

    static TestPublisher of(
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
        return new ReleaseBundle(DsseEnvelope.sign(statement.statement(), signer), certificate);
    }
}
