package dev.modunest.standalone;

import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.x509.Certificate;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.ZipFile;

/** Signs a release: a Sigstore bundle beside the jar. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Signs a plugin jar with your key and its certificate.",
        footer = {
            "",
            "Example: ./modunest sign target/markdown-1.0.0.jar",
            "Exit code: 0 when it is signed, 1 when not, 2 for bad usage."
        })
final class SignCommand implements Callable<Integer> {

    @Parameters(paramLabel = "JAR")
    private Path jar = Path.of("");

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description =
                    "The certificate of the key, PEM; default ~/.modunest/certificates/NAMESPACE.pem.")
    private @Nullable Path certificate;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The bundle; default JAR.sigstore.json.")
    private @Nullable Path out;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Has the registry stamp the time of the signature.")
    private @Nullable URI registry;

    @Mixin private PublisherKey key = new PublisherKey();

    @Spec private CommandSpec spec;

    SignCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Manifest manifest = inspected();
        Signer signer = key.open();
        Certificate certified = certificate(manifest.coordinate().plugin().namespace(), signer);
        DsseEnvelope envelope = DsseEnvelope.sign(statement(manifest).statement(), signer);
        List<Octets> stamps =
                registry == null
                        ? List.of()
                        : List.of(Octets.of(TimeStampCall.stamp(registry, envelope.signature())));
        ReleaseBundle bundle = new ReleaseBundle(envelope, certified, Optional.empty(), stamps);
        Path file = out == null ? Path.of(jar + ".sigstore.json") : out;
        Files.write(file, bundle.bytes());
        spec.commandLine().getOut().println("bundle  " + file);
        spec.commandLine().getOut().println("digest  " + bundle.publisherDigest());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private Manifest inspected() throws IOException {
        if (!Files.isReadable(jar)) {
            throw StandaloneException.wrongUse(jar + " cannot be read");
        }
        return switch (PluginJar.inspect(jar)) {
            case Inspection.Accepted accepted -> accepted.manifest();
            case Inspection.Refused _ ->
                    throw StandaloneException.refused(
                            jar + " is no plugin; ./modunest inspect " + jar + " says why");
        };
    }

    private ReleaseStatement statement(Manifest manifest) throws IOException {
        byte[] bytes = Files.readAllBytes(jar);
        return new ReleaseStatement(
                manifest.coordinate(),
                Digest.ofBytes(bytes),
                sha512(bytes),
                Digest.ofBytes(manifestBytes()),
                manifest.permissions(),
                Optional.empty());
    }

    private byte[] manifestBytes() throws IOException {
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

    private Certificate certificate(String namespace, Signer signer) throws IOException {
        Path file = certificate == null ? PublisherKey.certificate(namespace) : certificate;
        String fix = "; get one with ./modunest cert request " + namespace;
        if (!Files.isReadable(file)) {
            throw StandaloneException.refused(file + " has no certificate" + fix);
        }
        Certificate read = parse(file);
        if (!Arrays.equals(read.key().spki(), signer.key().spki())) {
            throw StandaloneException.refused(file + " is not of the key" + fix);
        }
        if (!read.validity().contains(Instant.now())) {
            throw StandaloneException.refused(file + " is not valid now" + fix);
        }
        return read;
    }

    private static Certificate parse(Path file) throws IOException {
        try {
            String text = Files.readString(file);
            int end = text.indexOf("-----END CERTIFICATE-----");
            return Certificate.parsePem(
                    end < 0 ? text : text.substring(0, end) + "-----END CERTIFICATE-----\n");
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.refused(file + " has no certificate", malformed);
        }
    }
}
