package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Coordinate;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A host in a JVM of its own that embeds the loader's all-in-one jar. */
final class HostProcess {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path loader;
    private final Path folder;
    private final URI edge;
    private final Path trustRoot;

    HostProcess(Path loader, Path folder, URI edge, Path trustRoot) {
        this.loader = loader;
        this.folder = folder;
        this.edge = edge;
        this.trustRoot = trustRoot;
    }

    /**
     * Loads {@code plugins}, calls those that {@code calls} names, and ends.
     *
     * @return the loader's report, {@code docs/loader/embedding.md}
     */
    JsonNode load(List<Coordinate> plugins, List<SampleCall> calls, Duration atMost) {
        try {
            Files.createDirectories(folder);
            Path requirements = folder.resolve("requirements.json");
            JSON.writeValue(
                    requirements.toFile(), plugins.stream().map(Coordinate::toString).toList());
            Path report = folder.resolve("report.json");
            Path errors = folder.resolve("host.log");
            Process process =
                    new ProcessBuilder(command(requirements, calls))
                            .redirectOutput(report.toFile())
                            .redirectError(errors.toFile())
                            .start();
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new StandaloneException(
                        "the host did not finish within "
                                + atMost.toSeconds()
                                + " s; its log is "
                                + errors);
            }
            return report(report, errors, process.exitValue());
        } catch (IOException failed) {
            throw new StandaloneException("the host process cannot be run: " + failed, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while the host loaded", interrupted);
        }
    }

    private List<String> command(Path requirements, List<SampleCall> calls) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What it trusted is of this run: another has other keys at the same address.
        command.add("-Duser.home=" + folder.resolve("home"));
        command.add("-jar");
        command.add(loader.toString());
        command.add("load");
        command.add(folder.resolve("host").toString());
        command.add("--registry");
        command.add(edge.toString());
        command.add("--requirements");
        command.add(requirements.toString());
        command.add("--trust-root");
        command.add(trustRoot.toString());
        command.add("--json");
        calls.forEach(
                call -> {
                    command.add("--call");
                    command.add(call.plugin() + "=" + call.input());
                });
        return command;
    }

    private static JsonNode report(Path report, Path errors, int exit) throws IOException {
        JsonNode root = JSON.readTree(report.toFile());
        if (root == null || !root.has("totals")) {
            throw new StandaloneException(
                    "the host ended with exit code "
                            + exit
                            + " and no report: "
                            + Files.readString(errors).strip());
        }
        return root;
    }
}
