package dev.modunest.server.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where the passphrase of a key comes from; never from the command line, which others can see. */
public sealed interface Passphrase {

    /** The key is not encrypted. */
    record None() implements Passphrase {}

    record OfVariable(String name) implements Passphrase {}

    /** The first line of a file that its owner alone reads. */
    record OfFile(Path file) implements Passphrase {}

    /** What somebody typed. */
    record Typed(String text) implements Passphrase {
        @Override
        public String toString() {
            return "Typed[****]";
        }
    }

    /**
     * What it is; empty where there is none.
     *
     * @throws KeyException when it is to be there and is not
     */
    default Optional<char[]> read(Map<String, String> environment) {
        return switch (this) {
            case None _ -> Optional.empty();
            case OfVariable(String name) ->
                    Optional.of(
                            Optional.ofNullable(environment.get(name))
                                    .filter(value -> !value.isEmpty())
                                    .orElseThrow(
                                            () ->
                                                    new KeyException(
                                                            "the environment variable "
                                                                    + name
                                                                    + " has no passphrase; set it"))
                                    .toCharArray());
            case OfFile(Path file) -> Optional.of(firstLine(file));
            case Typed(String text) -> Optional.of(text.toCharArray());
        };
    }

    private static char[] firstLine(Path file) {
        OwnFiles.requireOwn(file);
        try {
            return Files.readAllLines(file).stream()
                    .findFirst()
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(
                            () -> new KeyException(file + " has no passphrase in its first line"))
                    .toCharArray();
        } catch (IOException unreadable) {
            throw new KeyException(file + " cannot be read: " + unreadable.getMessage());
        }
    }
}
