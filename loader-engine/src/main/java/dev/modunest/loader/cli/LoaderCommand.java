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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The command line of the all-in-one jar: its subcommands can be mounted elsewhere, too. */
@Command(
        name = "modunest-loader",
        mixinStandardHelpOptions = true,
        version = "Modu-Nest loader 0.1.0",
        description = "Installs and loads plugins of a Modu-Nest registry.",
        subcommands = {
            InstallCommand.class,
            LoadCommand.class,
            VerifyCommand.class,
            HostCommand.class
        },
        footer = {
            "",
            "First steps:",
            "  java -jar loader-engine-all.jar install acme/markdown@^1 --into plugins",
            "  java -jar loader-engine-all.jar load plugins",
            "",
            "Exit codes: 0 done, 1 something failed, 2 wrong usage."
        })
public final class LoaderCommand {

    @Spec private @Nullable CommandSpec spec;

    LoaderCommand() {}

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Names what runs in the host that 'load DIR --keep' started.")
    int list(@Parameters(paramLabel = "DIR") Path directory) {
        return ask(directory, "list");
    }

    @Command(
            name = "reload",
            mixinStandardHelpOptions = true,
            description = "Loads a plugin of that host anew, with what requires it.")
    int reload(
            @Parameters(paramLabel = "DIR") Path directory,
            @Parameters(paramLabel = "PLUGIN") String plugin) {
        return ask(directory, "reload " + plugin);
    }

    @Command(
            name = "unload",
            mixinStandardHelpOptions = true,
            description = "Unloads a plugin of that host, and says what it left.")
    int unload(
            @Parameters(paramLabel = "DIR") Path directory,
            @Parameters(paramLabel = "PLUGIN") String plugin) {
        return ask(directory, "unload " + plugin);
    }

    @Command(
            name = "why",
            mixinStandardHelpOptions = true,
            description =
                    "Says why a plugin is in that host, why in this version, and why it failed.")
    int why(
            @Parameters(paramLabel = "DIR") Path directory,
            @Parameters(paramLabel = "PLUGIN") String plugin) {
        return ask(directory, "why " + plugin);
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description =
                    "Goes back to what was installed before, in the running host, too, when there"
                            + " is one.")
    int rollback(@Parameters(paramLabel = "DIR") Path directory) {
        if (ControlSocket.ask(directory, "ping").isPresent()) {
            return ask(directory, "rollback");
        }
        GenerationFiles generations = new GenerationFiles(options(directory));
        if (generations.good().size() < 2) {
            throw new LoaderException("no-generation", "nothing was installed before");
        }
        generations.commitBack();
        new HostCommands(directory, new LoadReport(List.of(), Duration.ZERO), generations)
                .writeLock();
        out().println("The former lock is in place: load " + directory);
        out().flush();
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "doctor",
            mixinStandardHelpOptions = true,
            description = "Looks at a folder of plugins and at this JVM.")
    int doctor(@Parameters(paramLabel = "DIR") Path directory) {
        boolean well = new Doctor(directory, out()).examine(options(directory));
        out().flush();
        return well ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static LoaderOptions options(Path directory) {
        return LoaderOptions.in(directory).trust(TrustOptions.unverified()).build();
    }

    private int ask(Path directory, String line) {
        ControlSocket.Answer answer =
                ControlSocket.ask(directory, line)
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

    private PrintWriter out() {
        return LoadCommand.commandLine(spec).getOut();
    }

    /** Runs the command line and returns the exit code. */
    public static int run(String[] arguments) {
        CommandLine commandLine = new CommandLine(new LoaderCommand());
        CommandFaults.handleOn(commandLine);
        return commandLine.execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }
}
