package dev.modunest.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One reading of one tree of records; collects the faults. Not thread-safe. */
final class Binder {

    private final Map<String, String> environment;
    private final Set<String> knownVariables = new HashSet<>();
    private final List<String> faults = new ArrayList<>();

    Binder(Map<String, String> environment) {
        this.environment = environment;
    }

    <T extends Record> T bind(Class<T> type, ObjectNode tree) {
        Object bound = record(type, tree, "");
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (variable.startsWith(Settings.ENVIRONMENT_PREFIX)
                    && !knownVariables.contains(variable)) {
                faults.add(variable + ": unknown variable" + nearest(variable, knownVariables));
            }
        }
        if (bound == null || !faults.isEmpty()) {
            throw new SettingsException(faults);
        }
        return type.cast(bound);
    }

    private @Nullable Object record(Class<?> type, ObjectNode tree, String path) {
        RecordComponent[] components = type.getRecordComponents();
        reportUnknownKeys(components, tree, path);
        @Nullable Object[] values = new Object[components.length];
        int before = faults.size();
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], tree, path);
        }
        return faults.size() == before ? construct(type, values, path) : null;
    }

    private void reportUnknownKeys(RecordComponent[] components, ObjectNode tree, String path) {
        List<String> keys = Arrays.stream(components).map(Binder::key).toList();
        tree.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (!keys.contains(name)) {
                                faults.add(path + name + ": unknown key" + nearest(name, keys));
                            }
                        });
    }

    private @Nullable Object component(RecordComponent component, ObjectNode tree, String path) {
        String key = key(component);
        @Nullable JsonNode node = tree.get(key);
        Class<?> raw = component.getType();
        if (raw.isRecord() && !Scalars.isScalar(raw)) {
            return nested(raw, node, path + key);
        }
        String variable =
                Settings.ENVIRONMENT_PREFIX
                        + (path + key).replace('.', '_').toUpperCase(Locale.ROOT);
        knownVariables.add(variable);
        List<String> texts = given(component, node, variable, path + key);
        return texts == null ? null : value(component, texts, path + key, variable);
    }

    private @Nullable Object nested(Class<?> type, @Nullable JsonNode node, String path) {
        if (node == null || node.isNull()) {
            return record(type, JsonNodeFactory.instance.objectNode(), path + ".");
        }
        if (node instanceof ObjectNode object) {
            return record(type, object, path + ".");
        }
        faults.add(path + ": is a group of settings, not a single value");
        return null;
    }

    /** The texts of the values given; empty for an absent optional; null after a fault. */
    private @Nullable List<String> given(
            RecordComponent component, @Nullable JsonNode node, String variable, String path) {
        String fromEnvironment = environment.get(variable);
        if (fromEnvironment != null) {
            return component.getType() == List.class
                    ? split(fromEnvironment)
                    : List.of(fromEnvironment);
        }
        if (node != null && !node.isNull()) {
            return texts(component, node, path);
        }
        Default standard = component.getAnnotation(Default.class);
        if (standard != null) {
            return component.getType() == List.class
                    ? split(standard.value())
                    : List.of(standard.value());
        }
        if (component.getType() == Optional.class || component.getType() == List.class) {
            return List.of();
        }
        faults.add(path + ": is required; set it in the file or as " + variable);
        return null;
    }

    private @Nullable List<String> texts(RecordComponent component, JsonNode node, String path) {
        if (node.isValueNode()) {
            return component.getType() == List.class
                    ? split(node.asText())
                    : List.of(node.asText());
        }
        if (component.getType() == List.class && node.isArray()) {
            List<String> texts = new ArrayList<>();
            node.forEach(element -> texts.add(element.asText()));
            return texts;
        }
        faults.add(path + ": is a single value, not a group or a list");
        return null;
    }

    private @Nullable Object value(
            RecordComponent component, List<String> texts, String path, String variable) {
        try {
            if (component.getType() == List.class) {
                Type element = argument(component);
                return texts.stream().map(text -> Scalars.read(element, text)).toList();
            }
            if (component.getType() == Optional.class) {
                Type content = argument(component);
                return texts.stream().findFirst().map(text -> Scalars.read(content, text));
            }
            return Scalars.read(component.getType(), texts.getFirst());
        } catch (IllegalArgumentException | ArithmeticException bad) {
            String source = environment.containsKey(variable) ? " (from " + variable + ")" : "";
            faults.add(path + ": " + bad.getMessage() + source);
            return null;
        }
    }

    private @Nullable Object construct(Class<?> type, @Nullable Object[] values, String path) {
        try {
            Constructor<?> constructor =
                    type.getDeclaredConstructor(
                            Arrays.stream(type.getRecordComponents())
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException reason) {
                faults.add(
                        (path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ")
                                + reason.getMessage());
                return null;
            }
            throw new IllegalStateException(type + " cannot be constructed", refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(type + " cannot be constructed", impossible);
        }
    }

    private static Type argument(RecordComponent component) {
        return ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }

    private static List<String> split(String text) {
        return text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    static Object value(RecordComponent component, Record settings) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component + " cannot be read", impossible);
        }
    }

    static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static String nearest(String name, Iterable<String> known) {
        String best = "";
        int bestDistance = Math.max(2, name.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "; did you mean " + best + "?";
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
