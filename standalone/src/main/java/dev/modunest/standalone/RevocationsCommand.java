package dev.modunest.standalone;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What must not be loaded: see its command. */
@Command(
        name = "revocations",
        mixinStandardHelpOptions = true,
        description = "What hosts must not load, signed apart from the servers.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RevocationsSignCommand.class)
final class RevocationsCommand implements Runnable {

    @Spec private CommandSpec spec;

    RevocationsCommand() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "name a command of revocations");
    }
}
