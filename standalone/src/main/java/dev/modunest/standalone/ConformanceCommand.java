package dev.modunest.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "What public conformance suites call, each with the arguments of its suite.",
        footer = {"", "Exit code: as the suite expects it."},
        subcommands = {
            ConformanceTufCommand.class,
            X509ConformanceCommand.class,
            SigstoreConformanceCommand.class
        })
final class ConformanceCommand implements Runnable {

    @Spec private CommandSpec spec;

    ConformanceCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a suite: tuf, x509 or sigstore.");
    }
}
