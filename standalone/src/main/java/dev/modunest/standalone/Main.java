package dev.modunest.standalone;

import dev.modunest.loader.cli.InstallCommand;
import dev.modunest.loader.cli.LoadCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code modunest} command. */
@Command(
        name = "modunest",
        mixinStandardHelpOptions = true,
        version = "modunest 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        description = "A plugin registry, its edge and its loader, in one command.",
        footer = {
            "",
            "Start with './modunest demo', then './modunest up' in one terminal and",
            "'./modunest publish JAR' in another. './modunest COMMAND --help' explains each.",
            "Exit codes: 0 done, 1 something failed and is named, 2 bad usage, 3 cannot be built or started."
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            PublishCommand.class,
            InstallCommand.class,
            LoadCommand.class,
            InspectCommand.class,
            RangeCommand.class
        })
public final class Main implements Runnable {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    Main() {}

    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "dev/modunest/standalone/logback.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(Main.class);
        commandLine.setExecutionExceptionHandler(Main::explain);
        return commandLine;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /**
     * A {@link StandaloneException} is for people; anything else is a defect and shows its trace.
     */
    private static int explain(
            Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (failure instanceof StandaloneException explained) {
            command.getErr().println("modunest: " + failure.getMessage());
            command.getErr().flush();
            return explained.exitCode();
        }
        throw failure;
    }
}
