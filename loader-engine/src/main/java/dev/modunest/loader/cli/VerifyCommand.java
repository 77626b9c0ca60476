package dev.modunest.loader.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.trust.CheckedFact;
import dev.modunest.loader.trust.JarExamination;
import dev.modunest.loader.trust.JarExamination.Result;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code verify JAR}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Verifies the jar of a plugin, and says what was checked and what it proves.",
            "",
            "The jar says which release it is. Bundles and proof lie beside it (.sigstore.json,"
                    + " .vsa.sigstore.json, .tlog-proof, .provenance.sigstore.json,"
                    + " .second.sigstore.json) or come from the registry."
        },
        footer = {
            "",
            "Examples:",
            "  verify markdown-1.2.3.jar",
            "  verify markdown-1.2.3.jar --registry https://plugins.example.com --json",
            "Exit codes: 0 trusted, 1 refused, 2 wrong usage."
        })
public final class VerifyCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    private final InstantSource clock;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "JAR", description = "The file.")
    private Path jar = Path.of("");

    @Mixin private final HomeOption home = new HomeOption();

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "The registry, normally an edge. Default: ${DEFAULT-VALUE}.")
    private URI registry = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--trust-root",
            paramLabel = "FILE",
            description = {
                "The registry's 1.root.json, or a newer root, that came by another way.",
                "Default: the one that the registry shows the first time, from then on no other."
            })
    private @Nullable Path root;

    @Mixin private final ProofOption proof = new ProofOption();

    @Option(names = "--json", description = "Print one JSON object instead of sentences.")
    private boolean json;

    public VerifyCommand() {
        this(InstantSource.system());
    }

    VerifyCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine command = LoadCommand.commandLine(spec);
        if (!Files.isRegularFile(jar)) {
            throw new CommandLine.ParameterException(command, "There is no file " + jar + ".");
        }
        Result result =
                JarExamination.examine(
                        jar,
                        registry,
                        LoaderOptions.in(home.folder())
                                .trust(
                                        TrustOption.strict(
                                                Optional.ofNullable(root),
                                                proof,
                                                home.folder(),
                                                registry,
                                                clock,
                                                command.getErr()))
                                .build());
        PrintWriter out = command.getOut();
        if (json) {
            out.println(json(result));
        } else {
            print(result, out);
        }
        out.flush();
        return result.isTrusted() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void print(Result result, PrintWriter out) {
        out.println(result.release().map(release -> release + "  ").orElse("") + result.artifact());
        for (CheckedFact fact : result.facts()) {
            out.printf("  ok  %2d  %s%n", fact.step(), fact.text());
        }
        result.refusal()
                .ifPresent(why -> out.println("  NO      " + why.code() + ": " + why.reason()));
        result.trust()
                .ifPresent(
                        trust ->
                                out.println(
                                        "Trusted: "
                                                + trust.level()
                                                        .map(
                                                                level ->
                                                                        level
                                                                                + ", "
                                                                                + level.meaning())
                                                        .orElse("")
                                                + trust.signer()
                                                        .map(who -> ", signed by " + who)
                                                        .orElse("")
                                                + trust.signed()
                                                        .map(when -> " at or before " + when)
                                                        .orElse("")));
        if (!result.isTrusted()) {
            out.println("Refused.");
        }
    }

    private static ObjectNode json(Result result) {
        ObjectNode node = JSON.createObjectNode();
        result.release().ifPresent(release -> node.put("release", release.toString()));
        node.put("digest", result.artifact().toString());
        node.put("trusted", result.isTrusted());
        result.trust()
                .ifPresent(
                        trust -> {
                            trust.level().ifPresent(level -> node.put("level", level.name()));
                            trust.signer().ifPresent(who -> node.put("signer", who));
                            trust.signed().ifPresent(at -> node.put("signed_at", at.toString()));
                        });
        result.refusal()
                .ifPresent(
                        why ->
                                node.putObject("refusal")
                                        .put("code", why.code())
                                        .put("reason", why.reason()));
        result.facts()
                .forEach(
                        fact ->
                                node.withArray("facts")
                                        .addObject()
                                        .put("step", fact.step())
                                        .put("text", fact.text()));
        return node;
    }
}
