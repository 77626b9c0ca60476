package dev.modunest.standalone;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.tuf.MetadataKey;
import dev.modunest.server.key.KeyFiles;
import dev.modunest.server.key.PublicKeyFiles;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.security.KeyPair;
import java.util.concurrent.Callable;

@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an Ed25519 key: FILE for its holder alone, FILE.pub to be handed in.",
            "Tells the id of the key, by which metadata names it."
        },
        footer = {
            "",
            "Example: ./modunest ceremony tuf keygen --out tuf-root-1.pem --passphrase-env PASS",
            "Exit code: 0 when done, 1 when refused, 2 for bad usage."
        })
final class CeremonyTufKeygenCommand implements Callable<Integer> {

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
    private Path out = Path.of("");

    @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

    @Spec private CommandSpec spec;

    CeremonyTufKeygenCommand() {}

    @Override
    public Integer call() {
        KeyPair pair = KeyPairSigner.generate(SignatureAlgorithm.ED25519);
        VerifyingKey key = VerifyingKey.of(pair.getPublic());
        Path published = out.resolveSibling(out.getFileName() + ".pub");
        CeremonyTufCommand.step(
                () -> {
                    KeyFiles.writePem(out, pair, passphrase.passphrase().read(System.getenv()));
                    PublicKeyFiles.write(published, key);
                    return published;
                });
        spec.commandLine().getOut().println(MetadataKey.of(key).id() + " " + published);
        return 0;
    }
}
