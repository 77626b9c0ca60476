package dev.modunest.standalone;

import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.Statement;

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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

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
            names = "--second",
            description =
                    "Signs besides another owner of the namespace: the bundle is JAR.second.sigstore.json.")
    private boolean second;

    @Option(
            names = "--provenance",
            paramLabel = "FILE",
            description =
                    "Signs how the jar was built, a predicate of SLSA provenance v1: the bundle is JAR.provenance.sigstore.json.")
    private @Nullable Path provenance;

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
        if (second && provenance != null) {
            throw StandaloneException.wrongUse(
                    "--second and --provenance are for a bundle each; sign twice");
        }
        PluginJar release = new PluginJar(jar, inspected());
        Signer signer = key.open();
        String namespace = release.coordinate().plugin().namespace();
        Path certified = certificate == null ? PublisherKey.certificate(namespace) : certificate;
        ReleaseBundle signed =
                sign(
                        PublisherCredential.read(certified, namespace, signer, Instant.now()),
                        release);
        List<Octets> stamps =
                registry == null
                        ? List.of()
                        : List.of(
                                Octets.of(
                                        TimeStampCall.stamp(
                                                registry, signed.envelope().signature())));
        ReleaseBundle bundle =
                new ReleaseBundle(
                        signed.envelope(), signed.certificate(), Optional.empty(), stamps);
        Path file = out == null ? kind().file(jar) : out;
        Files.write(file, bundle.bytes());
        spec.commandLine().getOut().println("bundle  " + file);
        spec.commandLine().getOut().println("digest  " + bundle.publisherDigest());
        spec.commandLine().getOut().flush();
        return 0;
    }

    private ReadyBundles.Kind kind() {
        if (provenance != null) {
            return ReadyBundles.Kind.PROVENANCE;
        }
        return second ? ReadyBundles.Kind.SECOND : ReadyBundles.Kind.PUBLISHER;
    }

    private ReleaseBundle sign(PublisherCredential credential, PluginJar release)
            throws IOException {
        if (provenance == null) {
            return credential.sign(release);
        }
        try {
            ReleaseBundle signed =
                    credential.signProvenance(
                            release, StrictJson.object(Files.readAllBytes(provenance)));
            BuildProvenance _ = BuildProvenance.of(Statement.parse(signed.envelope()));
            return signed;
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.refused(
                    provenance
                            + " is no predicate of SLSA provenance v1: "
                            + malformed.getMessage(),
                    malformed);
        }
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
}
