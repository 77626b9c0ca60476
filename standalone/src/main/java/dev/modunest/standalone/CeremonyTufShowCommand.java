package dev.modunest.standalone;

import dev.modunest.server.ceremony.TufDraft;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows what a draft says, its digest, and how many have signed it.",
        footer = {
            "",
            "Example: ./modunest ceremony tuf show 2.root.json --root 1.root.json",
            "Exit code: 0 when shown, 1 when refused, 2 for bad usage."
        })
final class CeremonyTufShowCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DRAFT", description = "The draft.")
    private Path draft = Path.of("");

    @Option(
            names = "--root",
            paramLabel = "FILE",
            description = "The root that is public; not for the first root.")
    private @Nullable Path root;

    @Spec private CommandSpec spec;

    CeremonyTufShowCommand() {}

    @Override
    public Integer call() {
        TufDraft shown =
                CeremonyTufCommand.step(() -> TufDraft.read(draft, Optional.ofNullable(root)));
        spec.commandLine().getOut().println(shown.text());
        print(shown, spec.commandLine().getOut());
        return 0;
    }

    /** The file, its digest and its signatures. */
    static void print(TufDraft draft, PrintWriter out) {
        out.println(draft.file() + " " + draft.document().digest());
        CeremonyTufCommand.step(draft::signatures).forEach(set -> out.println("  " + set));
        out.flush();
    }
}
