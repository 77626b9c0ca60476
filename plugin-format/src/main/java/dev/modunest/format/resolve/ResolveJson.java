package dev.modunest.format.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The JSON of index entries, as {@code docs/format/resolution.md} gives it. Thread-safe. */
public final class ResolveJson {

    /** Most requirements of a request. */
    public static final int MAX_REQUIREMENTS = 1_000;

    /** Most locked, and most installed, releases that a request names. */
    public static final int MAX_INSTALLED = 10_000;

    /** Most releases that an index document may list. */
    public static final int MAX_RELEASES = 100_000;

    /** Most steps that a lock may have. */
    public static final int MAX_STEPS = 20_000;

    /** Most dependencies of one release. */
    public static final int MAX_REQUIRES = 20_000;

    /** Characters of a dependency beside plugin and range. */
    private static final int REQUIRES_MEMBERS = 42;

    static final int MAX_DEPTH = 8;
    static final int MAX_STRING = 4_096;
    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            com.fasterxml.jackson.core.JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxStringLength(MAX_STRING)
                                                    .build())
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private ResolveJson() {}

    /** One line without line feed. */
    public static String indexLine(IndexEntry entry) {
        ObjectNode line = JSON.createObjectNode();
        line.put("coordinate", entry.coordinate().toString());
        line.put("digest", entry.digest().toString());
        line.put("size", entry.size());
        line.set("requires", array(entry.requires()));
        entry.host().ifPresent(range -> line.put("host", range.toString()));
        entry.publishedAt().ifPresent(at -> line.put("published_at", at.toString()));
        putStatus(line, entry.status());
        return line.toString();
    }

    /** The {@code requires} of an index line. */
    public static String requires(List<Dependency> dependencies) {
        return array(dependencies).toString();
    }

    private static ArrayNode array(List<Dependency> dependencies) {
        ArrayNode requires = JSON.createArrayNode();
        for (Dependency dependency : dependencies) {
            requires.addObject()
                    .put("plugin", dependency.plugin().toString())
                    .put("range", dependency.range().toString())
                    .put("optional", dependency.optional());
        }
        return requires;
    }

    /**
     * What {@link #requires} wrote, read when it is first looked at: a fault in it shows then, as
     * IllegalArgumentException.
     */
    public static List<Dependency> readRequires(String json) {
        return new RequiresJson(json);
    }

    /** Characters of {@link #requires}, about; without reading or writing it where it is known. */
    public static int requiresLength(List<Dependency> dependencies) {
        return dependencies instanceof RequiresJson known
                ? known.length()
                : dependencies.stream()
                        .mapToInt(
                                dependency ->
                                        dependency.plugin().toString().length()
                                                + dependency.range().toString().length()
                                                + REQUIRES_MEMBERS)
                        .sum();
    }

    /**
     * Reads an index document; blank lines are skipped, unknown fields too. Throws
     * IllegalArgumentException naming the line.
     */
    public static List<IndexEntry> readIndex(String document) {
        List<IndexEntry> entries = new ArrayList<>();
        int number = 0;
        for (String line : document.split("\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            if (entries.size() == MAX_RELEASES) {
                throw new IllegalArgumentException(
                        "the index lists more than " + MAX_RELEASES + " releases");
            }
            try {
                entries.add(indexEntry(JsonObject.of(parse(line))));
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(
                        "index line " + number + ": " + bad.getMessage(), bad);
            }
        }
        return List.copyOf(entries);
    }

    private static IndexEntry indexEntry(JsonObject line) {
        return new IndexEntry(
                line.text("coordinate", Coordinate::parse),
                line.text("digest", Digest::parse),
                line.size("size"),
                line.objects("requires", MAX_REQUIRES).stream()
                        .map(ResolveJson::dependency)
                        .toList(),
                line.optionalText("host", RangeCache::range),
                status(line),
                line.optionalText("published_at", ResolveJson::instant));
    }

    static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time as RFC 3339 writes it in UTC", malformed);
        }
    }

    /** Puts {@code status}, {@code reason} and {@code deprecated}. */
    public static void putStatus(ObjectNode json, ReleaseStatus status) {
        json.put("status", status.word());
        status.reason().ifPresent(reason -> json.put("reason", reason));
        status.deprecation()
                .ifPresent(
                        deprecation -> {
                            ObjectNode node = json.putObject("deprecated");
                            node.put("reason", deprecation.reason());
                            deprecation
                                    .replacement()
                                    .ifPresent(id -> node.put("replacement", id.toString()));
                        });
    }

    private static ReleaseStatus status(JsonObject line) {
        ReleaseStatus.State state =
                line.optionalText("status", ResolveJson::state).orElse(ReleaseStatus.State.LIVE);
        Optional<String> reason = line.optionalText("reason", text -> text);
        return new ReleaseStatus(
                state,
                state == ReleaseStatus.State.LIVE
                        ? Optional.empty()
                        : Optional.of(reason.orElse("no reason was given")),
                line.optionalObject("deprecated").map(ResolveJson::deprecation));
    }

    private static ReleaseStatus.State state(String text) {
        return Arrays.stream(ReleaseStatus.State.values())
                .filter(state -> state.word().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "'"
                                                + text
                                                + "' is not a status: live, yanked, quarantined"
                                                + " or deleted"));
    }

    private static ReleaseStatus.Deprecation deprecation(JsonObject deprecated) {
        return new ReleaseStatus.Deprecation(
                deprecated.text("reason", text -> text),
                deprecated.optionalText("replacement", PluginId::parse));
    }

    private static Dependency dependency(JsonObject dependency) {
        return new Dependency(
                dependency.text("plugin", PluginId::parse),
                dependency.text("range", RangeCache::range),
                dependency.flag("optional"));
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "this is not JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }
}
