package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.sign.Signer;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Has the registry certify the publisher's key. */
@Command(
        name = "request",
        mixinStandardHelpOptions = true,
        description =
                "Asks the registry to certify your key for a namespace that you own, by a sign-in of just now.",
        footer = {
            "",
            "Example: ./modunest login && ./modunest cert request acme",
            "Exit code: 0 when it is certified, 1 when not, 2 for bad usage."
        })
final class CertRequestCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAMESPACE")
    private String namespace = "";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where the certificate is written, with that of the authority; default ~/.modunest/certificates/NAMESPACE.pem.")
    private @Nullable Path out;

    @Option(names = "--claim", description = "Claims the namespace first, when nobody has it.")
    private boolean claim;

    @Mixin private PublisherKey key = new PublisherKey();

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Spec private CommandSpec spec;

    CertRequestCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Signer signer = key.open();
        if (claim) {
            PublisherCredential.claim(registry.registry(), registry.token(), namespace);
        }
        JsonNode issued =
                PublisherCredential.certify(
                        registry.registry(), registry.token(), namespace, signer);
        StringBuilder text = new StringBuilder(issued.path("certificate").asText());
        issued.path("chain").forEach(authority -> text.append(authority.asText()));
        Path file = out == null ? PublisherKey.certificate(namespace) : out;
        Files.createDirectories(file.toAbsolutePath().getParent());
        DataDirectory.write(
                file.toAbsolutePath(), text.toString().getBytes(StandardCharsets.US_ASCII));
        PrintWriter console = spec.commandLine().getOut();
        console.println("certificate  " + file);
        console.println("serial       " + issued.path("serial").asText());
        console.println("valid until  " + issued.path("not_after").asText());
        console.flush();
        return 0;
    }
}
