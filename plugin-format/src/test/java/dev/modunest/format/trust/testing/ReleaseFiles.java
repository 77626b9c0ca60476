package dev.modunest.format.trust.testing;

import dev.modunest.format.trust.statement.DsseEnvelope;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Writes what a registry serves into files, for tools that others made. */
public final class ReleaseFiles {

    private ReleaseFiles() {}

    public static void write(TrustFixture fixture, TrustFixture.Release release, Path directory)
            throws IOException {
        Files.write(
                directory.resolve("publisher.sigstore.json"), release.publisherBundle().bytes());
        Files.write(directory.resolve("summary.sigstore.json"), release.summaryBundle().bytes());
        Files.write(directory.resolve("trusted_root.json"), fixture.trustedRoot().bytes());
        text(directory, "root.pem", fixture.rootAuthority().certificate().pem());
        text(directory, "issuing.pem", fixture.issuing().certificate().pem());
        text(directory, "tsa.pem", fixture.clock().certificate().pem());
        text(directory, "publisher.pem", release.publisherBundle().certificate().pem());
        byte[] crl =
                fixture.issuing()
                        .revokeDer(
                                TrustFixture.NOW.minus(Duration.ofHours(1)),
                                Duration.ofDays(1),
                                7,
                                List.of());
        text(
                directory,
                "crl.pem",
                "-----BEGIN X509 CRL-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(crl)
                        + "\n-----END X509 CRL-----\n");
        DsseEnvelope envelope = release.publisherBundle().envelope();
        Files.write(directory.resolve("pae"), envelope.pae());
        Files.write(directory.resolve("signature"), envelope.signature());
        Files.write(
                directory.resolve("stamp.tsr"),
                release.publisherBundle().timeStamps().getFirst().bytes());
    }

    private static void text(Path directory, String name, String text) throws IOException {
        Files.write(directory.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    }
}
