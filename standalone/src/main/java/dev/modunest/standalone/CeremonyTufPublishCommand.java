package dev.modunest.standalone;

import dev.modunest.server.ceremony.TufCeremony;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;

@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a draft into tuf/ of the trust directory, from where servers publish it,",
            "when enough holders have signed: of a root those of the root before and its own."
        },
        footer = {
            "",
            "Example: ./modunest ceremony tuf publish trust/tuf/draft/2.root.json --dir trust",
            "Exit code: 0 when published, 1 when refused, 2 for bad usage."
        })
final class CeremonyTufPublishCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DRAFT", description = "The draft; it is removed.")
    private Path draft = Path.of("");

    @Option(names = "--dir", required = true, description = "The trust directory.")
    private Path directory = Path.of("");

    @Spec private CommandSpec spec;

    CeremonyTufPublishCommand() {}

    @Override
    public Integer call() {
        TufCeremony ceremony = new TufCeremony(directory, InstantSource.system());
        spec.commandLine().getOut().println(CeremonyTufCommand.step(() -> ceremony.publish(draft)));
        return 0;
    }
}
