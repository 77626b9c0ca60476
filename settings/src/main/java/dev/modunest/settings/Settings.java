package dev.modunest.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tree of settings records. The environment wins over the file, the file over {@link
 * Default}; keys are the component names in snake_case; {@code database.pool_size} is {@code
 * MODUNEST_DATABASE_POOL_SIZE}. A map has groups of one type by names of a-z, 0-9 and hyphens,
 * which are underscores in the environment. Unknown keys and bad values are faults, and all faults
 * are told at once.
 */
public final class Settings {

    public static final String ENVIRONMENT_PREFIX = "MODUNEST_";

    private static final long MAX_FILE_BYTES = 1 << 20;

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private Settings() {}

    /**
     * Reads settings of {@code type} from {@code file} and {@code environment}.
     *
     * @throws SettingsException with every fault
     */
    public static <T extends Record> T read(
            Class<T> type, Optional<Path> file, Map<String, String> environment) {
        ObjectNode tree = file.map(Settings::parse).orElseGet(JsonNodeFactory.instance::objectNode);
        return new Binder(environment).bind(type, tree);
    }

    /** The settings as YAML, secrets masked, absent values left out. */
    public static String describe(Record settings) {
        StringBuilder out = new StringBuilder();
        describe(settings, "", out);
        return out.toString();
    }

    private static void describe(Record settings, String indent, StringBuilder out) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = Binder.value(component, settings);
            String key = indent + Binder.key(component) + ":";
            switch (value) {
                case Record nested when !Scalars.isScalar(nested.getClass()) -> {
                    out.append(key).append('\n');
                    describe(nested, indent + "  ", out);
                }
                case Map<?, ?> groups when groups.isEmpty() -> out.append(line(key, "{}"));
                case Map<?, ?> groups -> {
                    out.append(key).append('\n');
                    groups.forEach(
                            (name, group) -> {
                                out.append(indent).append("  ").append(name).append(":\n");
                                describe((Record) group, indent + "    ", out);
                            });
                }
                case Optional<?> optional ->
                        optional.ifPresent(
                                present -> out.append(line(key, Scalars.write(present))));
                case List<?> list ->
                        out.append(
                                line(
                                        key,
                                        "["
                                                + String.join(
                                                        ", ",
                                                        list.stream().map(Scalars::write).toList())
                                                + "]"));
                default -> out.append(line(key, Scalars.write(value)));
            }
        }
    }

    private static String line(String key, String value) {
        return key + " " + value + "\n";
    }

    private static ObjectNode parse(Path file) {
        List<String> faults = new ArrayList<>();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                faults.add(
                        file
                                + ": larger than "
                                + MAX_FILE_BYTES
                                + " bytes, which no settings file is");
                throw new SettingsException(faults);
            }
            JsonNode root = YAML.readTree(Files.readAllBytes(file));
            if (root == null || root.isMissingNode() || root.isNull()) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (root instanceof ObjectNode object) {
                return object;
            }
            faults.add(file + ": is not a mapping of keys to values");
        } catch (JsonProcessingException malformed) {
            faults.add(file + ": " + malformed.getOriginalMessage() + at(malformed));
        } catch (IOException unreadable) {
            String why =
                    unreadable instanceof NoSuchFileException
                            ? "there is no such file; name one that is there with --config"
                            : unreadable.toString();
            faults.add(file + ": cannot be read: " + why);
        }
        throw new SettingsException(faults);
    }

    private static String at(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? ""
                : " (line " + malformed.getLocation().getLineNr() + ")";
    }
}
