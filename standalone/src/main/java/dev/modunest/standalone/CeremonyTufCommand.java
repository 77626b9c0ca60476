package dev.modunest.standalone;

import dev.modunest.server.key.KeyException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

@Command(
        name = "tuf",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Makes and renews what hosts trust first: root (3 of 5 sign) and targets (2 of 3 sign).",
            "A draft goes from holder to holder, each signs it on a machine of their own;",
            "docs/operations/ceremony-tuf.md has the order of the steps."
        },
        footer = {"", "Exit code: 0 when done, 1 when refused, 2 for bad usage."},
        subcommands = {
            CeremonyTufKeygenCommand.class,
            CeremonyTufRootCommand.class,
            CeremonyTufTargetsCommand.class,
            CeremonyTufShowCommand.class,
            CeremonyTufSignCommand.class,
            CeremonyTufPublishCommand.class
        })
final class CeremonyTufCommand implements Runnable {

    @Spec private CommandSpec spec;

    CeremonyTufCommand() {}

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Runs a step; what it refuses is told in one sentence. */
    static <T> T step(Callable<T> step) {
        try {
            return step.call();
        } catch (KeyException | IllegalArgumentException refused) {
            throw StandaloneException.refused(String.valueOf(refused.getMessage()), refused);
        } catch (StandaloneException told) {
            throw told;
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }
}
