package dev.modunest.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is said to a running edge; the launcher starts one itself. */
@Command(
        name = "edge",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Administers a running edge over its administration port (admin.port, admin.token).",
            "Without COMMAND './modunest edge [--config FILE] [--origin URI] [--port N]' runs one."
        },
        footer = {
            "",
            "Example: MODUNEST_ADMIN_TOKEN=... ./modunest edge purge --prefix /index/acme/",
            "Exit code: 0 when done, 1 when the edge refuses or does not answer, 2 for bad usage."
        },
        subcommands = {EdgeStatusCommand.class, EdgePurgeCommand.class, EdgePrefetchCommand.class})
final class EdgeCommand implements Runnable {

    @Spec private CommandSpec spec;

    EdgeCommand() {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
