package dev.modunest.loader.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One value: text of an environment variable, or what stands in a file. */
final class ConfigValue {

    private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");

    private ConfigValue() {}

    /**
     * The value as {@code type}.
     *
     * @throws IllegalArgumentException with what is expected instead
     */
    static Object of(Type type, JsonNode node) {
        if (type instanceof ParameterizedType generic) {
            if (generic.getRawType() == List.class) {
                return list(RecordBinder.argument(type, 0), node);
            }
            if (generic.getRawType() == Map.class) {
                return map(RecordBinder.argument(type, 1), node);
            }
        }
        if (type instanceof Class<?> plain) {
            if (node.isContainerNode()) {
                throw new IllegalArgumentException("a single value is expected");
            }
            return single(plain, node.asText());
        }
        throw unsupported(type);
    }

    private static List<Object> list(Type element, JsonNode node) {
        List<Object> values = new ArrayList<>();
        if (node.isTextual()) {
            for (String part : node.asText().split(",", -1)) {
                values.add(of(element, TextNode.valueOf(part.strip())));
            }
        } else if (node.isArray()) {
            node.forEach(each -> values.add(of(element, each)));
        } else {
            throw new IllegalArgumentException("a list is expected");
        }
        return List.copyOf(values);
    }

    private static Map<String, Object> map(Type element, JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("an object is expected, which only a file can give");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(key -> values.put(key, of(element, node.path(key))));
        return Map.copyOf(values);
    }

    private static Object single(Class<?> type, String text) {
        try {
            if (type == String.class) {
                return text;
            } else if (type == int.class || type == Integer.class) {
                return Integer.valueOf(text);
            } else if (type == long.class || type == Long.class) {
                return Long.valueOf(text);
            } else if (type == double.class || type == Double.class) {
                return Double.valueOf(text);
            } else if (type == boolean.class || type == Boolean.class) {
                return truth(text);
            } else if (type == Duration.class) {
                return duration(text);
            } else if (type == URI.class) {
                return URI.create(text);
            } else if (type == Path.class) {
                return Path.of(text);
            } else if (type.isEnum()) {
                return constant(type, text);
            }
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("'" + text + "' is no number", wrong);
        } catch (DateTimeParseException wrong) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no duration: write 500ms, 5s, 2m, 1h or PT5S", wrong);
        }
        throw unsupported(type);
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    private static Duration duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (!matcher.matches()) {
            return Duration.parse(text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equalsIgnoreCase(text.replace('-', '_'))) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "'"
                        + text
                        + "' is none of "
                        + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT));
    }

    private static IllegalArgumentException unsupported(Type type) {
        return new IllegalArgumentException(
                "values of " + type.getTypeName() + " cannot be configured");
    }
}
