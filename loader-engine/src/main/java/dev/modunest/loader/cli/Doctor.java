package dev.modunest.loader.cli;

import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.resolve.GenerationFiles;
import dev.modunest.loader.resolve.Installation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a folder of plugins and this JVM, and says of each thing whether it is well. */
final class Doctor {

    private final Path directory;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Path directory) {
        this.directory = directory;
    }

    /** How it is with one thing. */
    enum State {
        OK,
        NOTE,
        BAD
    }

    record Finding(State state, String text) {}

    void examine(LoaderOptions options) {
        say(true, "JDK " + Runtime.version());
        boolean open = Object.class.getModule().isOpen("java.lang", Doctor.class.getModule());
        note(
                open,
                "thread locals and shutdown hooks of plugins can be removed",
                "thread locals of plugins cannot be seen: --add-opens"
                        + " java.base/java.lang=ALL-UNNAMED");
        try {
            Installation installed = Installation.read(directory);
            Optional<Plan> plan = installed.plan();
            note(
                    plan.isPresent(),
                    "there is a lock",
                    "there is no lock: jars are loaded as they lie there");
            if (plan.isPresent()) {
                artifacts(plan.get());
            }
            GenerationFiles generations = new GenerationFiles(options);
            say(true, "generations that ran: " + generations.good());
        } catch (LoaderException damaged) {
            say(false, damaged.code() + ": " + damaged.getMessage());
        }
        boolean runs = ControlSocket.ask(directory, "ping").isPresent();
        note(runs, "a host runs here", "no host runs here");
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Whether everything is well. */
    boolean well() {
        return findings.stream().noneMatch(finding -> finding.state() == State.BAD);
    }

    /** One line for each thing. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            String state =
                    switch (finding.state()) {
                        case OK -> "ok    ";
                        case NOTE -> "note  ";
                        case BAD -> "BAD   ";
                    };
            text.append(state).append(finding.text()).append('\n');
        }
        return text.toString();
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
                    note(false, "", step.coordinate() + " is not in the cache");
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
        findings.add(new Finding(good ? State.OK : State.BAD, text));
    }

    private void note(boolean good, String ok, String otherwise) {
        findings.add(good ? new Finding(State.OK, ok) : new Finding(State.NOTE, otherwise));
    }
}
