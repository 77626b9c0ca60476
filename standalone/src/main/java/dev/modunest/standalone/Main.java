package dev.modunest.standalone;

import dev.modunest.loader.cli.CommandFaults;
import dev.modunest.loader.cli.HostCommand;
import dev.modunest.loader.cli.InstallCommand;
import dev.modunest.loader.cli.LoadCommand;
import dev.modunest.loader.cli.PluginsCommand;
import dev.modunest.loader.cli.VerifyCommand;

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
            "",
            "'./modunest server' and './modunest edge', each with [--config FILE], run",
            "one process of a larger installation; docs/operations has their settings.",
            "'./modunest edge status', 'purge' and 'prefetch' administer an edge that runs.",
            "",
            "Exit codes: 0 done, 1 something failed and is named, 2 bad usage,",
            "3 cannot be built or started."
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            LoginCommand.class,
            LogoutCommand.class,
            WhoamiCommand.class,
            TokenCommand.class,
            KeygenCommand.class,
            CertCommand.class,
            SignCommand.class,
            PublishCommand.class,
            MonitorCommand.class,
            InstallCommand.class,
            LoadCommand.class,
            PluginsCommand.class,
            VerifyCommand.class,
            HostCommand.class,
            InspectCommand.class,
            RangeCommand.class,
            ExplainAccessCommand.class,
            DoctorCommand.class,
            EdgeCommand.class,
            AuditCommand.class,
            ConformanceCommand.class,
            CeremonyCommand.class,
            RevocationsCommand.class,
            SeedCommand.class
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
        ReleaseCommand.addTo(commandLine);
        CommandFaults.handleOn(commandLine);
        CommandLine.IExecutionExceptionHandler loaderFaults =
                commandLine.getExecutionExceptionHandler();
        commandLine.setExecutionExceptionHandler(
                (failure, command, parsed) ->
                        failure instanceof StandaloneException explained
                                ? explain(explained, command)
                                : loaderFaults.handleExecutionException(failure, command, parsed));
        return commandLine;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** What is not made for people, a defect, shows its trace instead. */
    private static int explain(StandaloneException failure, CommandLine command) {
        command.getErr().println("modunest: " + failure.getMessage());
        command.getErr().flush();
        return failure.exitCode();
    }
}
