package dev.modunest.loader.cli;

import dev.modunest.loader.LoaderException;

import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a load in a JVM that writes an AOT cache (JEP 514) when it ends. */
final class Training {

    private Training() {}

    /**
     * Runs {@code load} with {@code arguments} without those of the training.
     *
     * @return the exit code of that JVM
     */
    static int run(Path cache, List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:AOTCacheOutput=" + cache.toAbsolutePath());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("dev.modunest.loader.cli.LoaderMain");
        if (arguments.isEmpty() || !arguments.getFirst().equals("load")) {
            command.add("load");
        }
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--train")) {
                i++; // and its file
            } else if (!arguments.get(i).startsWith("--train=")
                    && !arguments.get(i).equals("--keep")) {
                command.add(arguments.get(i));
            }
        }
        try {
            int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
            return exit == 0 && !Files.exists(cache) ? CommandLine.ExitCode.SOFTWARE : exit;
        } catch (IOException failed) {
            throw new LoaderException(
                    "training-failed", "no JVM can be started for it: " + failed, failed);
        }
    }
}
