package dev.modunest.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Makes developers at a registry, each an account with a token of its own, and writes the tokens
 * into a file that simulations take as {@code token-file}. Needs the classes of this module alone.
 * {@code docs/operations/load-tests.md} has the options.
 */
public final class Developers {

    private static final int REPORT = 100;

    private Developers() {}

    /** Exit code 0 when all were made, 2 when they could not be. */
    public static void main(String[] arguments) {
        System.exit(run(OptionReader.ofSystem(), InstantSource.system(), System.out, System.err));
    }

    static int run(OptionReader reader, InstantSource clock, PrintStream out, PrintStream err) {
        try {
            DeveloperOptions options = DeveloperOptions.read(reader, clock);
            out.println("making " + options);
            write(options, out);
            out.println("their tokens are in " + options.tokens());
            return 0;
        } catch (LoadTestException impossible) {
            err.println(impossible.getMessage());
            return 2;
        }
    }

    /** The file is there whole or not at all; one that cannot be written stops before accounts. */
    private static void write(DeveloperOptions options, PrintStream out) {
        Path file = options.tokens().toAbsolutePath();
        Path folder = file.resolveSibling("");
        try {
            Files.createDirectories(folder);
            Path fresh =
                    Files.createTempFile(
                            folder,
                            ".tokens",
                            "",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            try {
                Files.write(fresh, tokens(options, out));
                Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException unwritable) {
            throw new LoadTestException("tokens cannot be written to " + file + ": " + unwritable);
        }
    }

    private static List<String> tokens(DeveloperOptions options, PrintStream out) {
        try (RegistryClient client = new RegistryClient(options.registry(), "registry");
                ExecutorService threads =
                        Executors.newFixedThreadPool(
                                options.clients(), Thread.ofVirtual().factory())) {
            SignUp signUp = new SignUp(client, options.administrator());
            List<Future<String>> developers =
                    IntStream.range(0, options.developers())
                            .mapToObj(options::account)
                            .map(account -> threads.submit(() -> signUp.token(account)))
                            .toList();
            try {
                return inTurn(developers, out);
            } finally {
                // After a failure nobody else is begun.
                developers.forEach(developer -> developer.cancel(true));
            }
        }
    }

    private static List<String> inTurn(List<Future<String>> developers, PrintStream out) {
        List<String> tokens = new ArrayList<>();
        try {
            for (Future<String> developer : developers) {
                tokens.add(developer.get());
                if (tokens.size() % REPORT == 0) {
                    out.println(tokens.size() + " of " + developers.size());
                }
            }
            return tokens;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof LoadTestException impossible) {
                throw impossible;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LoadTestException("interrupted while developers were made");
        }
    }
}
