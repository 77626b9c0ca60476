package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Coordinate;
import dev.modunest.settings.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/** One class for every {@link ReleaseVerb}. */
@Command(
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: ./modunest yank acme/markdown@1.2.3 --reason 'loses data'",
            "Exit code: 0 when done, 1 when the registry refuses or does not answer, 2 for bad usage."
        })
final class ReleaseCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ReleaseVerb verb;

    @Parameters(paramLabel = "COORDINATE", description = "As in acme/markdown@1.2.3.")
    private String coordinate = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Shown to whoever depends on it.")
    private @Nullable String reason;

    @Option(
            names = "--replacement",
            paramLabel = "PLUGIN",
            description = "What to use instead; for deprecate only.")
    private @Nullable String replacement;

    @Option(names = "--json", description = "The release document, or the problem, as JSON.")
    private boolean json;

    @Mixin private RegistryOptions registry = new RegistryOptions();

    @Spec private CommandSpec spec;

    private ReleaseCommand(ReleaseVerb verb) {
        this.verb = verb;
    }

    /** Adds a command for each verb. */
    static void addTo(CommandLine commands) {
        for (ReleaseVerb verb : ReleaseVerb.values()) {
            CommandLine command = new CommandLine(new ReleaseCommand(verb));
            command.getCommandSpec().usageMessage().description(verb.description());
            commands.addSubcommand(verb.name().toLowerCase(Locale.ROOT), command);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireUsage();
        Optional<HttpResponse<byte[]>> answer = send(parse());
        if (answer.isEmpty()) {
            return 1;
        }
        HttpResponse<byte[]> response = answer.get();
        PrintWriter out = spec.commandLine().getOut();
        boolean done = response.statusCode() == 200;
        out.print(
                json
                        ? new String(response.body(), StandardCharsets.UTF_8) + "\n"
                        : done ? text(response.body()) : ApiCall.refusal(response) + "\n");
        out.flush();
        return done ? 0 : 1;
    }

    private void requireUsage() {
        if (verb.needsReason() == (reason == null)) {
            throw StandaloneException.wrongUse(
                    verb.needsReason()
                            ? "say why: --reason TEXT"
                            : "--reason has no place here: a state is taken back without one");
        }
        if (replacement != null && verb != ReleaseVerb.DEPRECATE) {
            throw StandaloneException.wrongUse("--replacement goes with deprecate only");
        }
    }

    private Coordinate parse() {
        try {
            return Coordinate.parse(coordinate);
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.wrongUse(String.valueOf(malformed.getMessage()));
        }
    }

    /** Empty, and told, when there is no answer. */
    private Optional<HttpResponse<byte[]>> send(Coordinate release)
            throws IOException, InterruptedException {
        String why = reason == null ? "" : reason;
        String path = "/api/v1/plugins/" + release.plugin() + "/" + release.version();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(registry.registry().resolve(path + verb.query(why)))
                        .header("Idempotency-Key", UUID.randomUUID().toString());
        Secret token = registry.token();
        try {
            return Optional.of(
                    ApiCall.exchange(
                            token, verb.on(request, why, Optional.ofNullable(replacement))));
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

    private static String text(byte[] document) throws IOException {
        JsonNode release = JSON.readTree(document);
        StringBuilder text = new StringBuilder();
        text.append(release.path("coordinate").asText()).append("  ");
        text.append(release.path("status").asText());
        if (release.has("reason")) {
            text.append(": ").append(release.get("reason").asText());
        }
        JsonNode deprecated = release.path("deprecated");
        if (deprecated.has("reason")) {
            text.append(", deprecated: ").append(deprecated.get("reason").asText());
        }
        return text.append('\n').toString();
    }
}
