package dev.modunest.loader.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The plugins of a folder, and of the host that {@code load DIR --keep} started on it. */
@Command(
        name = "plugins",
        mixinStandardHelpOptions = true,
        description = "The plugins of a folder, and of the host that 'load DIR --keep' started.",
        footer = {
            "",
            "Examples:",
            "  plugins list plugins",
            "  plugins reload plugins acme/markdown",
            "  plugins why plugins acme/markdown --json",
            "",
            "Exit codes: 0 done, 1 refused, undone or something is not well, 2 wrong usage."
        })
public final class PluginsCommand extends FolderCommands implements Runnable {

    public PluginsCommand() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                commandLine(),
                "Say what about the plugins: list, reload, unload, why, rollback or doctor.");
    }
}
