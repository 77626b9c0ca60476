package dev.modunest.loader.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

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
public final class LoaderCommand extends FolderCommands {

    LoaderCommand() {}

    static CommandLine create() {
        CommandLine commandLine = new CommandLine(new LoaderCommand());
        CommandFaults.handleOn(commandLine);
        return commandLine;
    }

    /** Runs the command line and returns the exit code. */
    public static int run(String[] arguments) {
        return create().execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }
}
