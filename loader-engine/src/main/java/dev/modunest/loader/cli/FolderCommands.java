package dev.modunest.loader.cli;

import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.resolve.GenerationFiles;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is done to the plugins of a folder and of the host that {@code load DIR --keep} started on
 * it: subcommands of each command that extends this, as picocli calls them on their parent.
 */
public class FolderCommands {

    private static final String JSON = "Print one JSON object.";

    @Spec private @Nullable CommandSpec spec;

    FolderCommands() {}

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Names what runs in the host that 'load DIR --keep' started.")
    public int list(
            @Parameters(paramLabel = "DIR") Path directory,
            @Option(names = "--json", description = JSON) boolean json) {
        return ask(directory, "list", json);
    }

    @Command(
            name = "reload",
            mixinStandardHelpOptions = true,
            description = "Loads a plugin of that host anew, with what requires it.")
    public int reload(
            @Parameters(paramLabel = "DIR") Path directory,
            @Parameters(paramLabel = "PLUGIN") String plugin,
            @Option(names = "--json", description = JSON) boolean json) {
        return ask(directory, "reload " + plugin, json);
    }

    @Command(
            name = "unload",
            mixinStandardHelpOptions = true,
            description = "Unloads a plugin of that host, and says what it left.")
    public int unload(
            @Parameters(paramLabel = "DIR") Path directory,
            @Parameters(paramLabel = "PLUGIN") String plugin,
            @Option(names = "--json", description = JSON) boolean json) {
        return ask(directory, "unload " + plugin, json);
    }

    @Command(
            name = "why",
            mixinStandardHelpOptions = true,
            description =
                    "Says why a plugin is in that host, why in this version, and why it failed.")
    public int why(
            @Parameters(paramLabel = "DIR") Path directory,
            @Parameters(paramLabel = "PLUGIN") String plugin,
            @Option(names = "--json", description = JSON) boolean json) {
        return ask(directory, "why " + plugin, json);
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description =
                    "Goes back to what was installed before, in the running host, too, when there"
                            + " is one.")
    public int rollback(
            @Parameters(paramLabel = "DIR") Path directory,
            @Option(names = "--json", description = JSON) boolean json) {
        if (ControlSocket.ask(directory, "ping").isPresent()) {
            return ask(directory, "rollback", json);
        }
        GenerationFiles generations = new GenerationFiles(options(directory));
        if (generations.good().size() < 2) {
            throw new LoaderException("no-generation", "nothing was installed before");
        }
        generations.commitBack();
        new HostCommands(directory, new LoadReport(List.of(), Duration.ZERO), generations)
                .writeLock();
        out().println(
                        json
                                ? HostJson.locked(generations)
                                : "The former lock is in place: load " + directory);
        out().flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "doctor",
            mixinStandardHelpOptions = true,
            description = "Looks at a folder of plugins and at this JVM.")
    public int doctor(
            @Parameters(paramLabel = "DIR") Path directory,
            @Option(names = "--json", description = JSON) boolean json) {
        Doctor doctor = new Doctor(directory);
        doctor.examine(options(directory));
        out().print(json ? HostJson.findings(doctor) : doctor.text());
        out().flush();
        return doctor.well() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static LoaderOptions options(Path directory) {
        return LoaderOptions.in(directory).trust(TrustOptions.unverified()).build();
    }

    private int ask(Path directory, String line, boolean json) {
        ControlSocket.Answer answer =
                ControlSocket.ask(directory, json ? HostCommands.AS_JSON + line : line)
                        .orElseThrow(
                                () ->
                                        new LoaderException(
                                                "no-host",
                                                "no host runs on "
                                                        + directory
                                                        + ": start one with load --keep"));
        out().print(answer.text());
        out().flush();
        return answer.exitCode();
    }

    final CommandLine commandLine() {
        return LoadCommand.commandLine(spec);
    }

    private PrintWriter out() {
        return commandLine().getOut();
    }
}
