package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** Lists the certificates of a namespace. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the certificates of a namespace that you own, the newest first.",
        footer = {"", "Exit code: 0 when they are listed, 1 when not, 2 for bad usage."})
final class CertListCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAMESPACE")
    private String namespace = "";

    @Option(names = "--json", description = "The document of the registry.")
    private boolean json;

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Spec private CommandSpec spec;

    CertListCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode answer =
                ApiCall.send(
                        registry.registry(),
                        registry.token(),
                        "GET",
                        CertCommand.path(namespace),
                        "");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(answer);
        } else {
            answer.path("certificates").forEach(one -> out.println(line(one)));
        }
        out.flush();
        return 0;
    }

    private static String line(JsonNode certificate) {
        JsonNode revocation = certificate.path("revocation");
        return certificate.path("serial").asText()
                + "  "
                + certificate.path("kind").asText()
                + "  until "
                + certificate.path("not_after").asText()
                + "  by "
                + certificate.path("account").asText()
                + (revocation.isMissingNode()
                        ? ""
                        : "  revoked " + revocation.path("reason").asText());
    }
}
