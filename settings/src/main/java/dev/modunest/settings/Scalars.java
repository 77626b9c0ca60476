package dev.modunest.settings;

import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text forms of single values. */
final class Scalars {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s?(ms|s|m|h|d)");

    private static final Map<Type, Function<String, Object>> READERS =
            Map.ofEntries(
                    Map.entry(String.class, text -> text),
                    Map.entry(int.class, text -> whole(text, Integer::valueOf)),
                    Map.entry(Integer.class, text -> whole(text, Integer::valueOf)),
                    Map.entry(long.class, text -> whole(text, Long::valueOf)),
                    Map.entry(Long.class, text -> whole(text, Long::valueOf)),
                    Map.entry(boolean.class, Scalars::truth),
                    Map.entry(Boolean.class, Scalars::truth),
                    Map.entry(Path.class, Path::of),
                    Map.entry(URI.class, Scalars::uri),
                    Map.entry(Duration.class, Scalars::duration),
                    Map.entry(ByteSize.class, ByteSize::parse),
                    Map.entry(Secret.class, Secret::new));

    private Scalars() {}

    static boolean isScalar(Type type) {
        return READERS.containsKey(type) || (type instanceof Class<?> c && c.isEnum());
    }

    /** Throws IllegalArgumentException with a sentence for people. */
    static Object read(Type type, String text) {
        if (type instanceof Class<?> c && c.isEnum()) {
            return constant(c, text);
        }
        Function<String, Object> reader = READERS.get(type);
        if (reader == null) {
            throw new IllegalStateException("no setting may have the type " + type);
        }
        return reader.apply(text);
    }

    static String write(Object value) {
        return switch (value) {
            case Duration duration -> write(duration);
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            default -> value.toString();
        };
    }

    private static String write(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static Object whole(String text, Function<String, Object> parse) {
        try {
            return parse.apply(text.strip());
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", notANumber);
        }
    }

    private static Object truth(String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is not true or false");
        };
    }

    private static Object uri(String text) {
        URI uri;
        try {
            uri = URI.create(text.strip());
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("'" + text + "' is not a URI", malformed);
        }
        if (!uri.isAbsolute()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an absolute URI: give the scheme");
        }
        return uri;
    }

    private static Object duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration: write a whole number and ms, s, m, h or d");
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
            if (((Enum<?>) constant).name().equalsIgnoreCase(text.strip())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "'"
                        + text
                        + "' is not one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Scalars::write)
                                .collect(Collectors.joining(", ")));
    }
}
