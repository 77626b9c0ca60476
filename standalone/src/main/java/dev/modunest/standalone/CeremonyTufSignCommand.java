package dev.modunest.standalone;

import dev.modunest.server.ceremony.TufDraft;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = {
            "Adds the signature of one holder to a draft, and shows what was signed.",
            "Look at it first with 'show' and compare the digest with the other holders'."
        },
        footer = {
            "",
            "Example: ./modunest ceremony tuf sign 2.root.json --root 1.root.json --key tuf-root-1.pem",
            "Exit code: 0 when signed, 1 when refused, 2 for bad usage."
        })
final class CeremonyTufSignCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DRAFT", description = "The draft; the signature is added to it.")
    private Path draft = Path.of("");

    @Option(
            names = "--root",
            paramLabel = "FILE",
            description = "The root that is public; not for the first root.")
    private @Nullable Path root;

    @Option(
            names = "--key",
            required = true,
            paramLabel = "KEY",
            description = "FILE.pem, FILE.p12#ALIAS or pkcs11:CONFIGURATION#ALIAS.")
    private String key = "";

    @Option(
            names = "--digest",
            paramLabel = "sha256:HEX",
            description = "Sign only when the draft has the digest that the holders agreed on.")
    private @Nullable String digest;

    @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

    @Spec private CommandSpec spec;

    CeremonyTufSignCommand() {}

    @Override
    public Integer call() {
        TufDraft signed =
                CeremonyTufCommand.step(
                        () -> {
                            TufDraft read = TufDraft.read(draft, Optional.ofNullable(root));
                            checkDigest(read);
                            return read.sign(
                                    new KeyStorage(System.getenv())
                                            .open(
                                                    KeyLocation.parse(key, Path.of("")),
                                                    passphrase.passphrase()));
                        });
        CeremonyTufShowCommand.print(signed, spec.commandLine().getOut());
        return 0;
    }

    private void checkDigest(TufDraft read) {
        if (digest != null && !read.document().digest().toString().equals(digest)) {
            throw StandaloneException.refused(
                    draft + " has the digest " + read.document().digest() + ", not " + digest);
        }
    }
}
