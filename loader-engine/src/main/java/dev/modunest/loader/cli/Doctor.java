package dev.modunest.loader.cli;

import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.resolve.GenerationFiles;
import dev.modunest.loader.resolve.Installation;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at a folder of plugins and this JVM, and says of each thing whether it is well. */
final class Doctor {

    private final Path directory;
    private final PrintWriter out;
    private boolean well = true;

    Doctor(Path directory, PrintWriter out) {
        this.directory = directory;
        this.out = out;
    }

    /** Whether everything is well. */
    boolean examine(LoaderOptions options) {
        say(true, "JDK " + Runtime.version());
        boolean open = Object.class.getModule().isOpen("java.lang", Doctor.class.getModule());
        out.println(
                open
                        ? "ok    thread locals and shutdown hooks of plugins can be removed"
                        : "note  thread locals of plugins cannot be seen: --add-opens"
                                + " java.base/java.lang=ALL-UNNAMED");
        try {
            Installation installed = Installation.read(directory);
            Optional<Plan> plan = installed.plan();
            out.println(
                    plan.isPresent()
                            ? "ok    there is a lock"
                            : "note  there is no lock: jars are loaded as they lie there");
            if (plan.isPresent()) {
                artifacts(plan.get());
            }
            GenerationFiles generations = new GenerationFiles(options);
            say(true, "generations that ran: " + generations.good());
        } catch (LoaderException damaged) {
            say(false, damaged.code() + ": " + damaged.getMessage());
        }
        boolean runs = ControlSocket.ask(directory, "ping").isPresent();
        out.println(runs ? "ok    a host runs here" : "note  no host runs here");
        return well;
    }

    private void artifacts(Plan plan) {
        int whole = 0;
        for (Plan.Step step : plan.steps()) {
            String hex = step.digest().hex();
            Path file =
                    directory
                            .resolve("sha256")
                            .resolve(hex.substring(0, 2))
                            .resolve(hex.substring(2));
            try {
                if (!Files.exists(file)) {
                    out.println("note  " + step.coordinate() + " is not in the cache");
                } else if (Digest.ofBytes(Files.readAllBytes(file)).equals(step.digest())) {
                    whole++;
                } else {
                    say(false, step.coordinate() + " is damaged in the cache: " + file);
                }
            } catch (IOException unreadable) {
                say(false, file + " cannot be read: " + unreadable.getMessage());
            }
        }
        say(true, whole + " of " + plan.steps().size() + " artifacts are in the cache, whole");
    }

    private void say(boolean good, String text) {
        well &= good;
        out.println((good ? "ok    " : "BAD   ") + text);
    }
}
