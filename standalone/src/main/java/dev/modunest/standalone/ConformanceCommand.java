package dev.modunest.standalone;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = "Answers the test suites of other people about what this platform verifies.",
        subcommands = {X509ConformanceCommand.class, SigstoreConformanceCommand.class})
final class ConformanceCommand implements Runnable {

    @Spec private CommandSpec spec;

    ConformanceCommand() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Name a suite: x509 or sigstore.");
    }
}
