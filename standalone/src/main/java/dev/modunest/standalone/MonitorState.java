package dev.modunest.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.standalone.monitor.Progress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** The file that keeps how far each log was read for a namespace; written atomically. */
final class MonitorState {

    private final Path file;
    private final String namespace;
    private final ObjectNode logs;

    private MonitorState(Path file, String namespace, ObjectNode logs) {
        this.file = file;
        this.namespace = namespace;
        this.logs = logs;
    }

    /** Without the file nothing was read. */
    static MonitorState open(Path file, String namespace) throws IOException {
        if (!Files.exists(file)) {
            return new MonitorState(file, namespace, StrictJson.JSON.createObjectNode());
        }
        try {
            JsonFields json = JsonFields.parse(Files.readAllBytes(file), file.toString());
            json.only("namespace", "logs");
            if (!json.text("namespace").equals(namespace)) {
                throw StandaloneException.wrongUse(
                        file
                                + " is of the namespace "
                                + json.text("namespace")
                                + "; give another with --state");
            }
            return new MonitorState(file, namespace, json.object("logs").object());
        } catch (IllegalArgumentException malformed) {
            throw damaged(file, malformed);
        }
    }

    private static StandaloneException damaged(Path file, IllegalArgumentException why) {
        return StandaloneException.wrongUse(
                file
                        + " is damaged: "
                        + why.getMessage()
                        + "; remove it to read from the beginning");
    }

    Optional<Progress> find(String log) {
        try {
            return logs.path(log) instanceof ObjectNode kept
                    ? Optional.of(Progress.of(new JsonFields(kept, log)))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            throw damaged(file, malformed);
        }
    }

    void keep(String log, Progress progress) throws IOException {
        logs.set(log, progress.json());
        ObjectNode whole = StrictJson.JSON.createObjectNode().put("namespace", namespace);
        whole.set("logs", logs);
        write(file, whole);
    }

    /** Beside the state, never over earlier evidence; the file. */
    Path keepEvidence(ObjectNode evidence, Instant now) throws IOException {
        Path kept =
                file.resolveSibling(
                        file.getFileName() + ".evidence-" + now.toEpochMilli() + ".json");
        write(kept, evidence);
        return kept;
    }

    private static void write(Path file, ObjectNode json) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        DataDirectory.write(file.toAbsolutePath(), (json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
