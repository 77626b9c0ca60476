package dev.modunest.loader.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.modunest.loader.PluginConfigService;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes records of a JSON object and environment variables, and gathers every fault on the way. Not
 * thread-safe; one for each reading.
 */
final class RecordBinder {

    private final String file;
    private final Map<String, String> variables;
    private final List<String> faults = new ArrayList<>();

    /**
     * @param file what faults of values call the place they were read from
     */
    RecordBinder(String file, Map<String, String> variables) {
        this.file = file;
        this.variables = variables;
    }

    List<String> faults() {
        return faults;
    }

    /**
     * A record of {@code type}; null when there are faults.
     *
     * @param path of the object in the file, empty at its root
     * @param prefix of the environment variables
     */
    <T extends Record> @Nullable T bind(
            Class<T> type, JsonNode object, String path, String prefix) {
        if (!object.isObject()) {
            faults.add((path.isEmpty() ? "the whole" : path) + " in " + file + " is no object");
            return null;
        }
        int before = faults.size();
        RecordComponent[] components = type.getRecordComponents();
        Set<String> known = new HashSet<>();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = snakeCase(components[i].getName());
            known.add(key);
            types[i] = components[i].getType();
            values[i] = value(components[i], object, path, key, prefix);
        }
        object.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!known.contains(name)) {
                                faults.add(path + name + " in " + file + " is unknown");
                            }
                        });
        return faults.size() == before ? construct(type, types, values, path) : null;
    }

    private @Nullable Object value(
            RecordComponent component, JsonNode object, String path, String key, String prefix) {
        String variable = prefix + "__" + key.toUpperCase(Locale.ROOT);
        Type type = component.getGenericType();
        boolean optional = component.getType() == Optional.class;
        Type wanted = optional ? argument(type, 0) : type;
        if (wanted instanceof Class<?> nested && nested.isRecord()) {
            boolean present =
                    object.has(key)
                            || variables.keySet().stream()
                                    .anyMatch(name -> name.startsWith(variable + "__"));
            if (optional && !present) {
                return Optional.empty();
            }
            JsonNode inner =
                    object.has(key) ? object.path(key) : JsonNodeFactory.instance.objectNode();
            Object bound = bind(nested.asSubclass(Record.class), inner, path + key + ".", variable);
            return optional ? Optional.ofNullable(bound) : bound;
        }
        JsonNode node = find(component, object, key, variable);
        if (node == null) {
            if (!optional) {
                faults.add(path + key + " in " + file + " (or " + variable + ") is missing");
            }
            return Optional.empty();
        }
        try {
            Object read = ConfigValue.of(wanted, node);
            return optional ? Optional.of(read) : read;
        } catch (IllegalArgumentException wrong) {
            String where = variables.containsKey(variable) ? variable : path + key + " in " + file;
            faults.add(where + " is wrong: " + wrong.getMessage());
            return null;
        }
    }

    private @Nullable JsonNode find(
            RecordComponent component, JsonNode object, String key, String variable) {
        String set = variables.get(variable);
        if (set != null) {
            return TextNode.valueOf(set);
        }
        JsonNode inFile = object.get(key);
        if (inFile != null && !inFile.isNull()) {
            return inFile;
        }
        PluginConfigService.Default otherwise =
                component.getAnnotation(PluginConfigService.Default.class);
        return otherwise == null ? null : TextNode.valueOf(otherwise.value());
    }

    private <T extends Record> @Nullable T construct(
            Class<T> type, Class<?>[] types, @Nullable Object[] values, String path) {
        try {
            Constructor<T> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            return canonical.newInstance(values);
        } catch (InvocationTargetException refused) {
            String where = path.isEmpty() ? "" : path.substring(0, path.length() - 1) + " in ";
            Throwable why = Objects.requireNonNullElse(refused.getCause(), refused);
            faults.add(where + file + " is refused: " + why.getMessage());
            return null;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("every record has a canonical constructor", impossible);
        }
    }

    static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[index];
        }
        throw new IllegalArgumentException(type + " names no type of its elements");
    }

    /** {@code maxSize} as {@code max_size}. */
    static String snakeCase(String name) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (Character.isUpperCase(letter)) {
                snake.append('_');
            }
            snake.append(Character.toLowerCase(letter));
        }
        return snake.toString();
    }
}
