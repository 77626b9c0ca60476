package dev.modunest.format.resolve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code requires} of a release as its JSON, read when it is first looked at: a resolution
 * looks at few of the releases that it is told of. Immutable to its readers, thread-safe.
 */
final class RequiresJson extends AbstractList<Dependency> {

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(ResolveJson.MAX_DEPTH)
                                    .maxStringLength(ResolveJson.MAX_STRING)
                                    .build())
                    .build();

    private final String json;
    private volatile @Nullable List<Dependency> dependencies;

    RequiresJson(String json) {
        this.json = json;
    }

    int length() {
        return json.length();
    }

    @Override
    public Dependency get(int index) {
        return read().get(index);
    }

    @Override
    public int size() {
        return read().size();
    }

    private List<Dependency> read() {
        List<Dependency> known = dependencies;
        if (known == null) {
            known = List.copyOf(parse(json));
            dependencies = known;
        }
        return known;
    }

    /** Throws IllegalArgumentException. */
    static List<Dependency> parse(String json) {
        if (json.equals("[]")) {
            return List.of();
        }
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new IllegalArgumentException("requires must be a JSON array");
            }
            List<Dependency> dependencies = new ArrayList<>(4);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                dependencies.add(dependency(parser));
            }
            return dependencies;
        } catch (IOException malformed) {
            throw new IllegalArgumentException(
                    "this is not JSON: " + malformed.getMessage(), malformed);
        }
    }

    private static Dependency dependency(JsonParser parser) throws IOException {
        @Nullable String plugin = null;
        @Nullable String range = null;
        boolean optional = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "plugin" -> plugin = parser.getValueAsString();
                case "range" -> range = parser.getValueAsString();
                case "optional" -> optional = value == JsonToken.VALUE_TRUE;
                default -> parser.skipChildren();
            }
        }
        if (plugin == null || range == null) {
            throw new IllegalArgumentException("a dependency names plugin and range");
        }
        return new Dependency(PluginId.parse(plugin), RangeCache.range(range), optional);
    }
}
