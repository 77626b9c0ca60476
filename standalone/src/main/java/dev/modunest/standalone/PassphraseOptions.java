package dev.modunest.standalone;

import dev.modunest.server.key.Passphrase;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.Console;
import java.nio.file.Path;

/** Where the passphrase of a key comes from; never the command line, which others can see. */
final class PassphraseOptions {

    @Option(
            names = "--passphrase-env",
            paramLabel = "VARIABLE",
            description = "The environment variable with the key's passphrase.")
    private @Nullable String variable;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "A file with the passphrase in its first line, readable by you alone.")
    private @Nullable Path file;

    @Option(names = "--ask-passphrase", description = "Asks for the passphrase.")
    private boolean ask;

    PassphraseOptions() {}

    Passphrase passphrase() {
        if ((variable == null ? 0 : 1) + (file == null ? 0 : 1) + (ask ? 1 : 0) > 1) {
            throw StandaloneException.wrongUse(
                    "give one of --passphrase-env, --passphrase-file and --ask-passphrase");
        }
        if (variable != null) {
            return new Passphrase.OfVariable(variable);
        }
        if (file != null) {
            return new Passphrase.OfFile(file);
        }
        return ask ? typed() : new Passphrase.None();
    }

    /** From JDK 25 on there is no console again where there is no terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static Passphrase typed() {
        Console console = System.console();
        char[] typed =
                console == null || !console.isTerminal()
                        ? new char[0]
                        : console.readPassword("Passphrase: ");
        if (typed == null || typed.length == 0) {
            throw StandaloneException.wrongUse(
                    "no passphrase was typed; without a terminal give --passphrase-env or --passphrase-file");
        }
        return new Passphrase.Typed(new String(typed));
    }
}
