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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One reading of one tree of records; collects the faults. Not thread-safe. */
final class Binder {

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

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
        if (isGroup(raw)) {
            return nested(raw, node, path + key);
        }
        if (raw == Map.class) {
            return named((Class<?>) argument(component, 1), node, path + key);
        }
        String variable = variable(path + key);
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

    /** Groups of one type by their names, in the order of the file and then of the environment. */
    private @Nullable Object named(Class<?> type, @Nullable JsonNode node, String path) {
        if (node != null && !node.isNull() && !node.isObject()) {
            faults.add(path + ": is a group of named groups, not a single value or a list");
            return null;
        }
        ObjectNode tree =
                node instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        Map<String, Object> groups = new LinkedHashMap<>();
        for (String name : names(type, tree, path)) {
            if (!NAME.matcher(name).matches()) {
                faults.add(
                        path
                                + "."
                                + name
                                + ": a name has a-z, 0-9 and hyphens, 64 characters at most");
                continue;
            }
            Object group = nested(type, tree.get(name), path + "." + name);
            if (group != null) {
                groups.put(name, group);
            }
        }
        return Collections.unmodifiableMap(groups);
    }

    private Set<String> names(Class<?> type, ObjectNode tree, String path) {
        Set<String> names = new LinkedHashSet<>();
        tree.fieldNames().forEachRemaining(names::add);
        String prefix = variable(path) + "_";
        List<String> leaves = leaves(type, "").toList();
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (variable.startsWith(prefix)) {
                name(variable.substring(prefix.length()), leaves, names).ifPresent(names::add);
            }
        }
        return names;
    }

    /**
     * The name in the rest of a variable, which ends with one of {@code leaves}. A name that is
     * known wins, then the shortest.
     */
    private static Optional<String> name(String rest, List<String> leaves, Set<String> known) {
        List<String> candidates =
                leaves.stream()
                        .filter(leaf -> rest.endsWith("_" + leaf))
                        .map(leaf -> rest.substring(0, rest.length() - leaf.length() - 1))
                        .map(name -> name.replace('_', '-').toLowerCase(Locale.ROOT))
                        .sorted(Comparator.comparingInt(String::length))
                        .toList();
        return candidates.stream()
                .filter(known::contains)
                .findFirst()
                .or(() -> candidates.stream().findFirst());
    }

    /** The ends of the variables of a group. */
    private static Stream<String> leaves(Class<?> type, String path) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(
                        component -> {
                            String key = path + key(component).toUpperCase(Locale.ROOT);
                            return isGroup(component.getType())
                                    ? leaves(component.getType(), key + "_")
                                    : Stream.of(key);
                        });
    }

    private static boolean isGroup(Class<?> type) {
        return type.isRecord() && !Scalars.isScalar(type);
    }

    private static String variable(String path) {
        return Settings.ENVIRONMENT_PREFIX
                + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
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
                Type element = argument(component, 0);
                return texts.stream().map(text -> Scalars.read(element, text)).toList();
            }
            if (component.getType() == Optional.class) {
                Type content = argument(component, 0);
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

    private static Type argument(RecordComponent component, int index) {
        return ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[index];
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
