package dev.modunest.loader.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.resolve.DurableFile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * State on disk: one line of JSON ({@code from}, {@code state_version}, {@code digest}) and then
 * the bytes.
 */
final class StateFile {

    private static final JsonMapper JSON = new JsonMapper();

    private StateFile() {}

    static void write(Path file, SavedState state) {
        ObjectNode head =
                JSON.createObjectNode()
                        .put("from", state.from().toString())
                        .put("state_version", state.version())
                        .put("digest", Digest.ofBytes(state.bytes()).toString());
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes((head + "\n").getBytes(StandardCharsets.UTF_8));
        content.writeBytes(state.bytes());
        try {
            DurableFile.write(file, content.toByteArray());
        } catch (IOException unwritable) {
            throw new LoaderException(
                    "state-unwritable", file + " cannot be written: " + unwritable, unwritable);
        }
    }

    static SavedState read(Path file, PluginId plugin) {
        try {
            byte[] content = Files.readAllBytes(file);
            int end = 0;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            JsonNode head = JSON.readTree(content, 0, end);
            byte[] bytes =
                    Arrays.copyOfRange(content, Math.min(end + 1, content.length), content.length);
            Coordinate from = Coordinate.parse(head.path("from").asText(""));
            if (!Digest.ofBytes(bytes).toString().equals(head.path("digest").asText(""))) {
                throw new IllegalArgumentException("its bytes are not those that were saved");
            }
            if (!from.plugin().equals(plugin)) {
                throw new IllegalArgumentException("it is of " + from);
            }
            return new SavedState(from, head.path("state_version").asInt(-1), bytes);
        } catch (IOException | IllegalArgumentException wrong) {
            throw new LoaderException(
                    "state-unreadable",
                    file + " is no state of " + plugin + ": " + wrong.getMessage(),
                    wrong);
        }
    }
}
