package dev.modunest.server;

import dev.modunest.settings.Default;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Key and default of settings: of the records, and as a document's table has them. */
public final class DocumentedSettings {

    private static final Pattern ROW =
            Pattern.compile(
                    "(?m)^\\| `(?!modunest_|orphan`)([a-z0-9_.]+(?:<name>[a-z0-9_.]+)?)` \\| ([^|]*) \\|");

    private DocumentedSettings() {}

    /** Of the rows of the tables in {@code document}. */
    public static Map<String, String> in(Path document) throws IOException {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(document))
                .results()
                .forEach((MatchResult row) -> documented.put(row.group(1), row.group(2).strip()));
        return documented;
    }

    /** Of the components of {@code type}, as a document is to write them. */
    public static Map<String, String> of(Class<?> type, String path) {
        Map<String, String> settings = new TreeMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String key =
                    path
                            + component
                                    .getName()
                                    .replaceAll("([A-Z])", "_$1")
                                    .toLowerCase(Locale.ROOT);
            Default standard = component.getAnnotation(Default.class);
            if (standard != null) {
                settings.put(key, "`" + standard.value() + "`");
            } else if (component.getType() == Map.class) {
                settings.putAll(of(valueType(component), key + ".<name>."));
            } else if (component.getType().getSimpleName().endsWith("Config")
                    || component.getType().getSimpleName().equals("Archive")) {
                settings.putAll(of(component.getType(), key + "."));
            } else {
                boolean optional =
                        component.getType() == Optional.class || component.getType() == List.class;
                settings.put(key, optional ? "none" : "required");
            }
        }
        return settings;
    }

    private static Class<?> valueType(RecordComponent component) {
        return (Class<?>)
                ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
    }
}
