package dev.modunest.format.trust.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program of others, run in a directory. */
public record Tool(int exit, String output) {

    private static final int TIMEOUT_SECONDS = 180;

    public static boolean isPresent(String program, String version) {
        try {
            Process process =
                    new ProcessBuilder(program, version)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notInstalled) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public static Tool run(Path directory, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "tool", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " does not end");
        }
        return new Tool(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
