package dev.modunest.loader.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.PluginId;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** {@code plugins.json}: identity, level and permissions last trusted. Thread-safe. */
final class PluginRecords {

    private static final String FILE = "plugins.json";

    private final StateFolder folder;
    private final Map<PluginId, PluginRecord> known;
    private final Map<PluginId, PluginRecord> changed = new ConcurrentHashMap<>();

    private PluginRecords(StateFolder folder, Map<PluginId, PluginRecord> known) {
        this.folder = folder;
        this.known = Map.copyOf(known);
    }

    static PluginRecords read(StateFolder folder) throws IOException {
        return new PluginRecords(folder, parse(folder));
    }

    private static Map<PluginId, PluginRecord> parse(StateFolder folder) throws IOException {
        Optional<byte[]> file = folder.read(FILE);
        Map<PluginId, PluginRecord> records = new TreeMap<>();
        if (file.isPresent()) {
            try {
                JsonFields plugins = JsonFields.parse(file.get(), FILE).object("plugins");
                plugins.object()
                        .fieldNames()
                        .forEachRemaining(
                                name ->
                                        records.put(
                                                PluginId.parse(name),
                                                PluginRecord.parse(plugins.object(name))));
            } catch (IllegalArgumentException damaged) {
                throw new IOException(
                        FILE
                                + " in "
                                + folder
                                + " is damaged ("
                                + damaged.getMessage()
                                + "): restore it, or remove it to forget who signed what",
                        damaged);
            }
        }
        return records;
    }

    Optional<PluginRecord> find(PluginId plugin) {
        return Optional.ofNullable(changed.get(plugin))
                .or(() -> Optional.ofNullable(known.get(plugin)));
    }

    void note(PluginId plugin, PluginRecord record) {
        if (!record.equals(known.get(plugin))) {
            changed.put(plugin, record);
        }
    }

    /** Adds what changed to what is in the file by now. */
    void save() throws IOException {
        if (changed.isEmpty()) {
            return;
        }
        folder.alone(
                () -> {
                    Map<PluginId, PluginRecord> all = parse(folder);
                    all.putAll(changed);
                    ObjectNode json = StrictJson.JSON.createObjectNode();
                    json.put("records_version", 1);
                    ObjectNode plugins = json.putObject("plugins");
                    all.forEach(
                            (plugin, record) -> record.write(plugins.putObject(plugin.toString())));
                    folder.write(FILE, CanonicalJson.text(json).getBytes(StandardCharsets.UTF_8));
                    return true;
                });
    }
}
