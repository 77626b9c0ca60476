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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** API tokens for scripts and build servers. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "API tokens for scripts and build servers: create, list, revoke.",
        subcommands = {
            TokenCommand.Create.class,
            TokenCommand.Show.class,
            TokenCommand.Revoke.class
        },
        footer = {
            "",
            "Example: ./modunest token create --label ci --scope 'release.publish:acme/*' --days 90",
            "Exit code: 0 when done, 1 when the registry refuses or does not answer, 2 for bad usage."
        })
final class TokenCommand implements Runnable {

    private static final String PATH = "/api/v1/account/tokens";

    @Spec private CommandSpec spec;

    TokenCommand() {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Makes one. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Makes a token and prints it, once.",
            footer = {"", "Exit code: 0 when made, 1 when refused, 2 for bad usage."})
    static final class Create implements Callable<Integer> {

        @Option(
                names = "--label",
                required = true,
                paramLabel = "TEXT",
                description = "What it is for.")
        private String label = "";

        @Option(
                names = "--scope",
                required = true,
                paramLabel = "SCOPE",
                description = "As in 'release.publish:acme/*'; can be repeated.")
        private List<String> scopes = List.of();

        @Option(
                names = "--days",
                paramLabel = "N",
                description = "How long it is valid; default ${DEFAULT-VALUE}, 0 for ever.",
                defaultValue = "90")
        private int days = 90;

        @Option(names = "--json", description = "The document of the registry, the token included.")
        private boolean json;

        @Mixin private RegistryOptions registry = new RegistryOptions();

        @Spec private CommandSpec spec;

        Create() {}

        @Override
        public Integer call() throws IOException, InterruptedException {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("label", label);
            scopes.forEach(body.putArray("scopes")::add);
            if (days > 0) {
                body.put(
                        "expires_at",
                        Instant.now()
                                .plus(Duration.ofDays(days))
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
            }
            JsonNode made =
                    ApiCall.send(
                            registry.registry(), registry.token(), "POST", PATH, body.toString());
            PrintWriter out = spec.commandLine().getOut();
            out.println(json ? made.toString() : made.path("token").asText());
            out.flush();
            if (!json) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "token "
                                        + made.path("id").asText()
                                        + ", shown this once; set MODUNEST_TOKEN to it");
            }
            return 0;
        }
    }

    /** Lists those there are. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists your tokens.",
            footer = {"", "Exit code: 0 when listed, 1 when refused, 2 for bad usage."})
    static final class Show implements Callable<Integer> {

        @Option(names = "--all", description = "Those that were revoked too.")
        private boolean all;

        @Option(names = "--json", description = "The document of the registry.")
        private boolean json;

        @Mixin private RegistryOptions registry = new RegistryOptions();

        @Spec private CommandSpec spec;

        Show() {}

        @Override
        public Integer call() throws IOException, InterruptedException {
            JsonNode listed =
                    ApiCall.send(
                            registry.registry(),
                            registry.token(),
                            "GET",
                            PATH + (all ? "?all=true" : ""),
                            "");
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(listed);
            } else {
                String row = "%-6s %-20s %-22s %-22s %s%n";
                out.printf(row, "id", "label", "expires", "last used", "scopes");
                for (JsonNode token : listed.path("tokens")) {
                    List<String> scopes = new ArrayList<>();
                    token.path("scopes").forEach(scope -> scopes.add(scope.asText()));
                    out.printf(
                            row,
                            token.path("id").asText(),
                            token.path("label").asText(),
                            when(token, "expires_at", "never"),
                            when(token, "last_used_at", "never"),
                            String.join(" ", scopes)
                                    + (token.has("revoked_at") ? "  (revoked)" : ""));
                }
            }
            out.flush();
            return 0;
        }

        private static String when(JsonNode token, String field, String none) {
            @Nullable JsonNode value = token.get(field);
            return value == null
                    ? none
                    : Instant.parse(value.asText()).truncatedTo(ChronoUnit.SECONDS).toString();
        }
    }

    /** Ends one. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a token at once.",
            footer = {"", "Exit code: 0 when revoked, 1 when refused, 2 for bad usage."})
    static final class Revoke implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "As 'token list' shows it.")
        private long id;

        @Mixin private RegistryOptions registry = new RegistryOptions();

        @Spec private CommandSpec spec;

        Revoke() {}

        @Override
        public Integer call() throws IOException, InterruptedException {
            JsonNode _ =
                    ApiCall.send(
                            registry.registry(), registry.token(), "DELETE", PATH + "/" + id, "");
            spec.commandLine().getOut().println("token " + id + " is revoked");
            return 0;
        }
    }
}
