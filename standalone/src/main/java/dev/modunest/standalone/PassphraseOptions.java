package dev.modunest.standalone;

import dev.modunest.server.key.Passphrase;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Where the passphrase of a private key comes from. */
final class PassphraseOptions {

    @Option(
            names = "--passphrase-variable",
            paramLabel = "NAME",
            description = "The environment variable that has the passphrase of the key.")
    private @Nullable String variable;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "The file whose first line is the passphrase of the key.")
    private @Nullable Path file;

    PassphraseOptions() {}

    Passphrase passphrase() {
        if (variable != null && file != null) {
            throw StandaloneException.wrongUse(
                    "the passphrase is in a variable or in a file; name one of them");
        }
        if (variable != null) {
            return new Passphrase.OfVariable(variable);
        }
        return file != null ? new Passphrase.OfFile(file) : new Passphrase.None();
    }
}
