package dev.modunest.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Verifies and exports the record of who did what.",
        footer = {
            "",
            "Example: ./modunest audit verify --config server.yaml",
            "Exit code: 0 when done, 1 when the audit was tampered with, 2 for bad usage, 3 when it cannot be read."
        },
        subcommands = {AuditVerifyCommand.class, AuditExportCommand.class})
final class AuditCommand implements Runnable {

    @Spec private CommandSpec spec;

    AuditCommand() {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
