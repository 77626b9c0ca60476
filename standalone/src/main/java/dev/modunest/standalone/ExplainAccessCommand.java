package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.settings.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Whether somebody may do something, and why: {@code GET /api/v1/access} in words. */
@Command(
        name = "explain-access",
        mixinStandardHelpOptions = true,
        description = "Says whether an account may do something, and why or why not.",
        footer = {
            "",
            "Example: ./modunest explain-access release.publish acme/markdown --account bob",
            "Actions: release.read, .publish, .yank, .deprecate, .delete, namespace.manage and those of docs/api/access.md.",
            "Exit code: 0 when it is allowed; 1 when it is not, or the registry refuses or does not answer; 2 for bad usage."
        })
final class ExplainAccessCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "ACTION", description = "As in release.publish.")
    private String action = "";

    @Parameters(
            index = "1",
            paramLabel = "RESOURCE",
            description = "A namespace or a plugin, as in acme or acme/markdown.")
    private String resource = "";

    @Option(
            names = "--account",
            paramLabel = "NAME",
            description =
                    "Whom it is about; without it the token that is used, with its limits. For owners of the"
                            + " namespace and administrators.")
    private @Nullable String account;

    @Option(names = "--json", description = "The decision, or the problem, as JSON.")
    private boolean json;

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Spec private CommandSpec spec;

    ExplainAccessCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<HttpResponse<byte[]>> answer = ask();
        if (answer.isEmpty()) {
            return 1;
        }
        HttpResponse<byte[]> response = answer.get();
        PrintWriter out = spec.commandLine().getOut();
        if (response.statusCode() != 200) {
            out.print(json ? text(response) : ApiCall.refusal(response) + "\n");
            out.flush();
            return 1;
        }
        JsonNode decision = JSON.readTree(response.body());
        out.print(json ? text(response) : words(decision));
        out.flush();
        return decision.path("allowed").asBoolean() ? 0 : 1;
    }

    /** Empty, and told, when there is no answer. */
    private Optional<HttpResponse<byte[]>> ask() throws IOException, InterruptedException {
        String query =
                "/api/v1/access?action="
                        + encoded(action)
                        + "&resource="
                        + encoded(resource)
                        + (account == null ? "" : "&account=" + encoded(account));
        Secret token = registry.token();
        try {
            return Optional.of(
                    ApiCall.exchange(
                            token, HttpRequest.newBuilder(registry.registry().resolve(query))));
        } catch (IOException failed) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "modunest: no answer from "
                                    + registry.registry()
                                    + " ("
                                    + failed
                                    + "); start it with ./modunest up or give --registry");
            return Optional.empty();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String words(JsonNode decision) {
        return (decision.path("allowed").asBoolean() ? "allowed: " : "not allowed: ")
                + decision.path("subject").asText()
                + (decision.path("allowed").asBoolean() ? " may " : " may not ")
                + decision.path("action").asText()
                + " on the "
                + decision.path("resource").asText()
                + ", because "
                + decision.path("because").asText()
                + ".\n"
                + advice(decision.path("verdict").asText());
    }

    /** What would change it. */
    private static String advice(String verdict) {
        return switch (verdict) {
            case "out-of-scope" -> "A token with a wider scope may.\n";
            case "foreign", "not-granted" ->
                    "An owner of the namespace can give a grant: POST /api/v1/namespaces/{namespace}/grants.\n";
            case "administrators-only" -> "An administrator of the registry may.\n";
            case "absent" -> "POST /api/v1/namespaces claims a namespace that nobody has.\n";
            default -> "";
        };
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8) + "\n";
    }
}
