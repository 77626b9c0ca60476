package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;

/** Takes certificates back. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a certificate back. With key-compromise all certificates of the key are, and",
            "what was signed with it from --since on is bad; without --since all is."
        },
        footer = {
            "",
            "Example: ./modunest cert revoke acme 4f2a... --reason key-compromise --since 2026-11-20T00:00:00Z",
            "Exit code: 0 when it is taken back, 1 when not, 2 for bad usage."
        })
final class CertRevokeCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAMESPACE")
    private String namespace = "";

    @Parameters(index = "1", paramLabel = "SERIAL")
    private String serial = "";

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "REASON",
            description = "key-compromise, superseded or cessation-of-operation.")
    private String reason = "";

    @Option(
            names = "--since",
            paramLabel = "INSTANT",
            description = "Of key-compromise: since when others may have the key.")
    private @Nullable Instant since;

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Spec private CommandSpec spec;

    CertRevokeCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
        if (since != null) {
            body.put("invalidity_date", since.toString());
        }
        JsonNode answer =
                ApiCall.send(
                        registry.registry(),
                        registry.token(),
                        "POST",
                        CertCommand.path(namespace) + "/" + serial + "/revocation",
                        body.toString());
        PrintWriter out = spec.commandLine().getOut();
        answer.path("certificates")
                .forEach(one -> out.println("revoked  " + one.path("serial").asText()));
        out.flush();
        return 0;
    }
}
