package dev.modunest.loader.cli;

import dev.modunest.format.Version;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.LoaderOptionsBuilder;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.observe.LoadTimeline;
import dev.modunest.loader.resolve.GenerationFiles;
import dev.modunest.loader.resolve.Installation;

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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code load DIR}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Loads the plugins of a folder into this process and reports.",
            "",
            "It loads what modunest.lock.json names; without one what modunest.json requires;"
                    + " without that the plugin jars that lie in the folder. Artifacts that the"
                    + " folder lacks come from the registry and stay in it."
        },
        footer = {
            "",
            "Examples:",
            "  load plugins",
            "  load plugins --call acme/markdown='# Hello' --json",
            "  load fresh --require acme/markdown@^1 --keep",
            "Exit codes: 0 all loaded, 1 something failed, 2 wrong usage."
        })
public final class LoadCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder.")
    private Path directory = Path.of("");

    @Mixin private final RegistryOption registry = new RegistryOption();

    @Mixin private final HomeOption home = new HomeOption();

    @Mixin private final TrustOption trust;

    @Option(
            names = "--require",
            paramLabel = "COORDINATE",
            description = "Load this instead of what the folder names; may be repeated.")
    private List<String> required = new ArrayList<>();

    @Option(
            names = "--requirements",
            paramLabel = "FILE",
            description = "The same from a JSON array of \"namespace/name@range\".")
    private @Nullable Path requirementsFile;

    @Option(
            names = "--budget",
            paramLabel = "N",
            description = "Plugins worked on at the same time, 1 to 500. Default: 32 for each CPU.")
    private int budget = LoaderOptions.defaultPermits();

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "How long one plugin, or one call, may take. Default: ${DEFAULT-VALUE}.")
    private int deadlineSeconds = 30;

    @Option(
            names = "--host-version",
            paramLabel = "VERSION",
            description = "Refuse plugins that are not for this version of the host.")
    private @Nullable String hostVersion;

    @Option(
            names = "--call",
            paramLabel = "PLUGIN=INPUT",
            description = {
                "Call the plugin's java.util.function.UnaryOperator service with the text INPUT"
                        + " and print the answer; may be repeated."
            })
    private List<String> calls = new ArrayList<>();

    @Option(
            names = "--keep",
            description = "Stay until Ctrl-C or SIGTERM, then stop the plugins in order.")
    private boolean keep;

    @Option(
            names = "--timeline",
            paramLabel = "FILE",
            description = {
                "Write when each plugin was in which stage: a picture, FILE.html, or JSON,"
                        + " FILE.json."
            })
    private @Nullable Path timeline;

    @Option(
            names = "--train",
            paramLabel = "FILE",
            description = {
                "Load in a JVM of its own that keeps what it learned in FILE, and end: with"
                        + " -XX:AOTCache=FILE a JVM of the same class path starts faster."
            })
    private @Nullable Path train;

    @Option(names = "--json", description = "Print one JSON object instead of the table.")
    private boolean json;

    static CommandLine commandLine(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("commands are run by picocli");
        }
        return spec.commandLine();
    }

    public LoadCommand() {
        this(InstantSource.system());
    }

    LoadCommand(InstantSource clock) {
        trust = new TrustOption(clock);
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine command = commandLine(spec);
        Path cache = train;
        if (cache != null) {
            return Training.run(cache, command.getParseResult().originalArgs());
        }
        List<ServiceCall> parsed = calls.stream().map(text -> parseCall(text, command)).toList();
        Optional<List<Requirement>> asked = requirements(command);
        Installation installed = Installation.read(directory);
        LoadProgress progress = new LoadProgress(!json);
        try (PluginLoader loader = PluginLoader.open(options(installed, progress, command))) {
            LoadReport report;
            try (progress) {
                progress.expect(expected(installed, asked));
                report = load(loader, asked);
            }
            write(report);
            List<ServiceCall.Answer> answers = new ArrayList<>();
            for (ServiceCall call : parsed) {
                answers.add(call.ask(loader, Duration.ofSeconds(deadlineSeconds)));
            }
            print(report, answers, command.getOut());
            if (keep) {
                keep(loader, report, command.getErr());
            }
            boolean good = report.complete() && answers.stream().allMatch(ServiceCall.Answer::good);
            return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private void keep(PluginLoader loader, LoadReport report, PrintWriter err)
            throws InterruptedException {
        GenerationFiles generations =
                new GenerationFiles(
                        LoaderOptions.in(directory).trust(TrustOptions.unverified()).build());
        try (ControlSocket _ =
                ControlSocket.open(
                        directory, loader, new HostCommands(directory, report, generations))) {
            Keep.untilStopped(loader, err);
        } catch (IOException | UnsupportedOperationException noSocket) {
            err.println("It takes no commands: " + noSocket.getMessage());
            Keep.untilStopped(loader, err);
        }
    }

    private void write(LoadReport report) {
        Path file = timeline;
        if (file == null) {
            return;
        }
        String text =
                file.toString().endsWith(".html")
                        ? LoadTimeline.html(report)
                        : LoadTimeline.json(report);
        try {
            Files.writeString(file, text);
        } catch (IOException unwritable) {
            throw new LoaderException(
                    "file-unwritable", file + " cannot be written: " + unwritable, unwritable);
        }
    }

    private LoadReport load(PluginLoader loader, Optional<List<Requirement>> asked)
            throws InterruptedException {
        return asked.isPresent() ? loader.load(asked.get()) : loader.loadDirectory(directory);
    }

    private Optional<List<Requirement>> requirements(CommandLine command) {
        List<Requirement> all = new ArrayList<>(Requirements.parse(required, command));
        Path file = requirementsFile;
        if (file != null) {
            all.addAll(Installation.readRequirements(file));
        } else if (all.isEmpty()) {
            if (!Files.isDirectory(directory)) {
                throw new CommandLine.ParameterException(
                        command,
                        "There is no folder "
                                + directory
                                + ": install into it first, or name plugins with --require.");
            }
            return Optional.empty();
        }
        return Optional.of(List.copyOf(all));
    }

    private LoaderOptions options(
            Installation installed, LoadProgress progress, CommandLine command) {
        try {
            URI source = registry.or(installed.registry());
            LoaderOptionsBuilder builder =
                    registry.route(home.apply(LoaderOptions.in(directory)))
                            .registry(source)
                            .trust(trust.options(home.folder(), source, command.getErr()))
                            .resolution(registry.resolution())
                            .permits(budget)
                            .startDeadline(Duration.ofSeconds(deadlineSeconds))
                            .onOutcome(progress);
            String version = hostVersion;
            return (version == null ? builder : builder.hostVersion(Version.parse(version)))
                    .build();
        } catch (IllegalArgumentException outOfBounds) {
            throw new CommandLine.ParameterException(
                    command, outOfBounds.getMessage(), outOfBounds);
        }
    }

    private static ServiceCall parseCall(String text, CommandLine command) {
        try {
            return ServiceCall.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(command, wrong.getMessage(), wrong);
        }
    }

    /** How many plugins there will be, as far as it is known before resolution. */
    private static int expected(Installation installed, Optional<List<Requirement>> asked) {
        return asked.map(List::size)
                .or(() -> installed.plan().map(Plan::steps).map(List::size))
                .orElse(installed.requirements().size());
    }

    private void print(LoadReport report, List<ServiceCall.Answer> answers, PrintWriter out) {
        if (json) {
            out.println(ReportJson.of(report, answers));
        } else {
            ReportTable.print(report, out);
            answers.forEach(answer -> out.println(answer.line()));
        }
        out.flush();
    }
}
