package dev.modunest.standalone;

import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.write.RootKeys;
import dev.modunest.server.ceremony.TufCeremony;
import dev.modunest.server.ceremony.TufDraft;
import dev.modunest.server.key.PublicKeyFiles;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;

@Command(
        name = "root",
        aliases = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Drafts the first root, or the next: renewed for a year, with the keys that are named changed.",
            "Keys are files of public keys in PEM. The first root needs them all."
        },
        footer = {
            "",
            "Example: ./modunest ceremony tuf init --dir trust --root r1.pub,r2.pub,r3.pub,r4.pub,r5.pub \\",
            "           --targets t1.pub,t2.pub,t3.pub --snapshot s.pub --timestamp t.pub",
            "         ./modunest ceremony tuf root --dir trust --timestamp new.pub",
            "Exit code: 0 when drafted, 1 when refused, 2 for bad usage."
        })
final class CeremonyTufRootCommand implements Callable<Integer> {

    @Option(names = "--dir", required = true, description = "The trust directory.")
    private Path directory = Path.of("");

    @Option(names = "--root", split = ",", description = "The keys of root; 3 must sign.")
    private List<Path> root = List.of();

    @Option(names = "--targets", split = ",", description = "The keys of targets; 2 must sign.")
    private List<Path> targets = List.of();

    @Option(names = "--snapshot", description = "The key of snapshot.")
    private @Nullable Path snapshot;

    @Option(names = "--timestamp", description = "The key of timestamp.")
    private @Nullable Path timestamp;

    @Spec private CommandSpec spec;

    CeremonyTufRootCommand() {}

    @Override
    public Integer call() {
        TufCeremony ceremony = new TufCeremony(directory, InstantSource.system());
        TufDraft draft =
                CeremonyTufCommand.step(
                        () ->
                                ceremony.latest("root").isPresent()
                                        ? ceremony.nextRoot(this::changed)
                                        : ceremony.firstRoot(first()));
        CeremonyTufShowCommand.print(draft, spec.commandLine().getOut());
        return 0;
    }

    private RootKeys first() {
        if (snapshot == null || timestamp == null) {
            throw StandaloneException.wrongUse(
                    "the first root needs --root, --targets, --snapshot and --timestamp");
        }
        return new RootKeys(
                keys(root, RootKeys.ROOT_THRESHOLD),
                keys(targets, RootKeys.TARGETS_THRESHOLD),
                keys(List.of(snapshot), 1),
                keys(List.of(timestamp), 1));
    }

    private RootKeys changed(RootKeys before) {
        return new RootKeys(
                root.isEmpty() ? before.root() : keys(root, RootKeys.ROOT_THRESHOLD),
                targets.isEmpty() ? before.targets() : keys(targets, RootKeys.TARGETS_THRESHOLD),
                snapshot == null ? before.snapshot() : keys(List.of(snapshot), 1),
                timestamp == null ? before.timestamp() : keys(List.of(timestamp), 1));
    }

    private static RoleKeys keys(List<Path> files, int threshold) {
        return RootKeys.of(threshold, files.stream().map(PublicKeyFiles::read).toList());
    }
}
