package dev.modunest.standalone;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.sigstore.SigstoreVerifier;
import dev.modunest.format.trust.x509.PathRules;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

@Command(
        name = "sigstore",
        mixinStandardHelpOptions = true,
        description = "Verifies Sigstore bundles with the arguments of sigstore-conformance.")
final class SigstoreConformanceCommand implements Runnable {

    private static final String PUBLIC_GOOD = "sigstore-public-good.json";
    private static final String DIGEST = "sha256:[0-9a-f]{64}";

    @Spec private CommandSpec spec;

    SigstoreConformanceCommand() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Name what to do: verify-bundle.");
    }

    @Command(
            name = "verify-bundle",
            mixinStandardHelpOptions = true,
            description = "Verifies a bundle of a file or of a digest.",
            footer = {"", "Exit code: 0 when the bundle is good, 1 when it is not."})
    int verifyBundle(
            @Option(
                            names = "--staging",
                            description = "Sigstore's staging instance; needs --trusted-root.")
                    boolean staging,
            @Option(names = "--bundle", required = true, description = "The bundle.") Path bundle,
            @Option(
                            names = "--certificate-identity",
                            description = "The SubjectAltName of who signed.")
                    @Nullable String identity,
            @Option(
                            names = "--certificate-oidc-issuer",
                            description = "Who vouches for the identity.")
                    @Nullable String issuer,
            @Option(names = "--key", description = "A public key in PEM, instead of an identity.")
                    @Nullable Path key,
            @Option(
                            names = "--trusted-root",
                            description =
                                    "A trusted_root.json; else that of Sigstore's public instance.")
                    @Nullable Path trustedRoot,
            @Parameters(paramLabel = "FILE|sha256:DIGEST") String artifact)
            throws IOException {
        Optional<String> fault;
        try {
            fault =
                    new SigstoreVerifier(root(trustedRoot, staging))
                            .faultOf(
                                    Files.readAllBytes(bundle),
                                    artifact(artifact),
                                    signer(identity, issuer, key));
        } catch (IllegalArgumentException malformed) {
            fault = Optional.of(String.valueOf(malformed.getMessage()));
        }
        fault.ifPresentOrElse(
                reason -> spec.commandLine().getErr().println("refused: " + reason),
                () -> spec.commandLine().getOut().println("verified"));
        return fault.isEmpty() ? 0 : 1;
    }

    private static TrustedRoot root(@Nullable Path file, boolean staging) throws IOException {
        if (file != null) {
            return TrustedRoot.parse(Files.readAllBytes(file), PathRules.SIGSTORE);
        }
        if (staging) {
            throw new IllegalArgumentException(
                    "the trust root of the staging instance is not built in: give --trusted-root");
        }
        try (InputStream built =
                SigstoreConformanceCommand.class.getResourceAsStream(PUBLIC_GOOD)) {
            if (built == null) {
                throw new IllegalStateException(PUBLIC_GOOD + " is missing in this build");
            }
            return TrustedRoot.parse(built.readAllBytes(), PathRules.SIGSTORE);
        }
    }

    private static SigstoreVerifier.Artifact artifact(String argument) throws IOException {
        Path file = Path.of(argument);
        if (argument.matches(DIGEST) && !Files.exists(file)) {
            return new SigstoreVerifier.Artifact(Digest.parse(argument), Optional.empty());
        }
        byte[] content = Files.readAllBytes(file);
        return new SigstoreVerifier.Artifact(
                Digest.ofBytes(content), Optional.of(Octets.of(content)));
    }

    private SigstoreVerifier.Signer signer(
            @Nullable String identity, @Nullable String issuer, @Nullable Path key)
            throws IOException {
        if (key != null && identity == null && issuer == null) {
            return new SigstoreVerifier.Signer.Key(Files.readString(key));
        }
        if (key == null && identity != null && issuer != null) {
            return new SigstoreVerifier.Signer.Identity(identity, issuer);
        }
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "Give --certificate-identity and --certificate-oidc-issuer, or --key.");
    }
}
