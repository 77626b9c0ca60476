package dev.modunest.standalone;

import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.server.ceremony.TufCeremony;
import dev.modunest.server.key.PublicKeyFiles;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "targets",
        mixinStandardHelpOptions = true,
        description = {
            "Drafts the next targets: renewed for 180 days, with what is named changed.",
            "The first needs the keys of revocations and bins."
        },
        footer = {
            "",
            "Example: ./modunest ceremony tuf targets --dir trust --trusted-root trust/trusted_root.json",
            "Exit code: 0 when drafted, 1 when refused, 2 for bad usage."
        })
final class CeremonyTufTargetsCommand implements Callable<Integer> {

    @Option(names = "--dir", required = true, description = "The trust directory.")
    private Path directory = Path.of("");

    @Option(names = "--trusted-root", description = "The new trusted_root.json.")
    private @Nullable Path trustedRoot;

    @Option(names = "--policy", description = "The new policy.json.")
    private @Nullable Path policy;

    @Option(names = "--revocations", description = "The public key of revocations, PEM.")
    private @Nullable Path revocations;

    @Option(names = "--bins", description = "The public key of the bins of the index, PEM.")
    private @Nullable Path bins;

    @Spec private CommandSpec spec;

    CeremonyTufTargetsCommand() {}

    @Override
    public Integer call() {
        TufCeremony ceremony = new TufCeremony(directory, InstantSource.system());
        CeremonyTufShowCommand.print(
                CeremonyTufCommand.step(
                        () -> {
                            Map<String, byte[]> contents = new HashMap<>();
                            read(Layout.TRUSTED_ROOT, trustedRoot, contents);
                            read(Layout.POLICY, policy, contents);
                            return ceremony.nextTargets(contents, key(revocations), key(bins));
                        }),
                spec.commandLine().getOut());
        return 0;
    }

    private static void read(String target, @Nullable Path file, Map<String, byte[]> contents) {
        if (file != null) {
            try {
                contents.put(target, Files.readAllBytes(file));
            } catch (IOException unreadable) {
                throw StandaloneException.wrongUse(file + " cannot be read; name a file");
            }
        }
    }

    private static Optional<VerifyingKey> key(@Nullable Path file) {
        return Optional.ofNullable(file).map(PublicKeyFiles::read);
    }
}
