package dev.modunest.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.ArchiveProblem;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Inspection;
import dev.modunest.format.http.Problem;
import dev.modunest.loader.cli.Progress;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Publishes jars, each after those of the same call that it requires.",
            "Jars are inspected before anything is sent. A version that is published with the same bytes is no error.",
            "A jar with a bundle beside it, JAR.sigstore.json, is published with that. Otherwise it is signed when",
            "there is a key (see keygen and cert request), and in a CI job with a key of that job, with provenance.",
            "JAR.provenance.sigstore.json and JAR.second.sigstore.json beside the jar are published too."
        },
        footer = {
            "",
            "Example: ./modunest publish target/markdown-1.0.0.jar",
            "Exit code: 0 when all are live, 1 when one is not, 2 for bad usage."
        })
final class PublishCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(arity = "1..*", paramLabel = "JAR", description = "Jars, or folders of jars.")
    private List<Path> paths = List.of();

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The registry; default ${DEFAULT-VALUE}.")
    private URI registry = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the token. Without it the MODUNEST_TOKEN variable is taken, else in a CI job its ID"
                            + " token is exchanged (GitHub Actions, or MODUNEST_ID_TOKEN), else your sign-in of 'modunest login'"
                            + " is used, else the token that 'modunest up' left in ~/.modunest/admin.token.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description =
                    "The certificate of the key, PEM; default ~/.modunest/certificates/NAMESPACE.pem.")
    private @Nullable Path certificate;

    @Option(names = "--unsigned", description = "Publishes without signatures.")
    private boolean unsigned;

    @Mixin private PublisherKey key = new PublisherKey();

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "4",
            description = "Uploads at the same time, 1 to 64; default ${DEFAULT-VALUE}.")
    private int concurrency = 4;

    @Option(names = "--json", description = "One JSON object a line for each jar.")
    private boolean json;

    @Spec private CommandSpec spec;

    PublishCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (concurrency < 1 || concurrency > 64) {
            throw StandaloneException.wrongUse("--concurrency is 1 to 64, not " + concurrency);
        }
        if (unsigned && (key.isGiven() || certificate != null)) {
            throw StandaloneException.wrongUse(
                    "--unsigned needs neither --key nor --certificate; give the one or the others");
        }
        PrintWriter out = spec.commandLine().getOut();
        PublishTokens tokens = tokens();
        List<PluginJar> jars = new ArrayList<>();
        boolean complete = true;
        for (Path file : PluginJar.files(paths)) {
            switch (PluginJar.inspect(file)) {
                case Inspection.Accepted accepted ->
                        jars.add(new PluginJar(file, accepted.manifest()));
                case Inspection.Refused(List<ArchiveProblem> problems) -> {
                    complete = false;
                    out.print(json ? refusedJson(file, problems) : refusedText(file, problems));
                }
            }
        }
        for (PublishClient.Outcome outcome : publish(jars, tokens)) {
            complete &= isLive(outcome);
            out.print(json ? toJson(outcome) : toText(outcome));
        }
        out.flush();
        return complete ? 0 : 1;
    }

    private List<PublishClient.Outcome> publish(List<PluginJar> jars, PublishTokens tokens) {
        PrintStream stream = ProgressStream.of(json);
        Map<Coordinate, String> told = new ConcurrentHashMap<>();
        try (PublishClient client =
                        new PublishClient(
                                registry,
                                tokens,
                                bundles(tokens),
                                concurrency,
                                followed -> {
                                    String line = toText(followed);
                                    if (!line.equals(told.put(followed.coordinate(), line))) {
                                        stream.println(line);
                                    }
                                });
                Progress progress = Progress.start(stream, "publishing", jars.size(), "releases")) {
            return client.publish(jars, outcome -> progress.step(1));
        }
    }

    private PublishTokens tokens() throws IOException, InterruptedException {
        String fromEnvironment = System.getenv("MODUNEST_TOKEN");
        if (tokenFile == null && fromEnvironment != null) {
            Secret token = new Secret(fromEnvironment.strip());
            return _ -> token;
        }
        Optional<TrustedPublishing> ofJob =
                tokenFile == null
                        ? TrustedPublishing.find(System.getenv(), registry)
                        : Optional.empty();
        if (ofJob.isPresent()) {
            return ofJob.get();
        }
        Secret token = RegistryOptions.kept(registry, tokenFile);
        return _ -> token;
    }

    private PublishBundles bundles(PublishTokens tokens) {
        if (unsigned) {
            return PublishBundles.NONE;
        }
        boolean keyed = key.isGiven() || certificate != null;
        if (tokens instanceof TrustedPublishing && !keyed) {
            return new ReadyBundles(
                    new JobBundles(registry, tokens, System.getenv(), InstantSource.system()));
        }
        return new ReadyBundles(
                keyed || key.isThere()
                        ? new KeyBundles(
                                key, Optional.ofNullable(certificate), InstantSource.system())
                        : PublishBundles.NONE);
    }

    static String toText(PublishClient.Followed followed) {
        return followed.state()
                + "  "
                + followed.coordinate()
                + (followed.position() > 0 ? "  " + followed.position() + " before it" : "");
    }

    static boolean isLive(PublishClient.Outcome outcome) {
        return switch (outcome) {
            case PublishClient.Outcome.Published _, PublishClient.Outcome.Unchanged _ -> true;
            case PublishClient.Outcome.Refused _, PublishClient.Outcome.Failed _ -> false;
        };
    }

    static String toText(PublishClient.Outcome outcome) {
        return switch (outcome) {
            case PublishClient.Outcome.Published published ->
                    "published "
                            + published.coordinate()
                            + "  "
                            + ByteSize.describe(published.size())
                            + "  "
                            + published.digest()
                            + published
                                    .signed()
                                    .map(signed -> "  signed by " + signed.identity())
                                    .orElse("  unsigned")
                            + "\n";
            case PublishClient.Outcome.Unchanged unchanged ->
                    "unchanged "
                            + unchanged.coordinate()
                            + "  published before with the same bytes\n";
            case PublishClient.Outcome.Refused refused ->
                    "refused   " + refused.coordinate() + "  " + describe(refused.problem());
            case PublishClient.Outcome.Failed failed ->
                    "failed    " + failed.coordinate() + "  " + failed.reason() + "\n";
        };
    }

    private static String describe(Problem problem) {
        StringBuilder text = new StringBuilder();
        text.append(problem.status()).append(' ').append(problem.code()).append(": ");
        text.append(problem.detail()).append('\n');
        for (Problem.Fault fault : problem.errors()) {
            text.append("  ").append(fault.code()).append(": ").append(fault.detail());
            text.append(". ").append(fault.fix()).append('\n');
        }
        return text.toString();
    }

    private static String toJson(PublishClient.Outcome outcome) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("coordinate", outcome.coordinate().toString());
        switch (outcome) {
            case PublishClient.Outcome.Published published -> {
                line.put("outcome", "published")
                        .put("digest", published.digest().toString())
                        .put("size", published.size())
                        .put("signed", published.signed().isPresent());
                published
                        .signed()
                        .ifPresent(
                                signed ->
                                        line.put("signer", signed.identity())
                                                .put("bundle", signed.bundle().toString()));
            }
            case PublishClient.Outcome.Unchanged unchanged ->
                    line.put("outcome", "unchanged").put("digest", unchanged.digest().toString());
            case PublishClient.Outcome.Refused refused ->
                    line.put("outcome", "refused")
                            .set("problem", JSON.readTree(refused.problem().toJson()));
            case PublishClient.Outcome.Failed failed ->
                    line.put("outcome", "failed").put("reason", failed.reason());
        }
        return JSON.writeValueAsString(line) + "\n";
    }

    private static String refusedText(Path file, List<ArchiveProblem> problems) {
        StringBuilder text = new StringBuilder("refused   " + file + "  not sent\n");
        problems.forEach(problem -> text.append("  ").append(problem).append('\n'));
        return text.toString();
    }

    private static String refusedJson(Path file, List<ArchiveProblem> problems) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("file", file.toString()).put("outcome", "refused");
        ProblemsJson.write(problems, line);
        return JSON.writeValueAsString(line) + "\n";
    }
}
