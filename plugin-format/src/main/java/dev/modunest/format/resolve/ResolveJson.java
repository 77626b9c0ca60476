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
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON of index entries, resolve requests and plans, as {@code docs/format/resolution.md} gives
 * it. Thread-safe.
 */
public final class ResolveJson {

    /** Most requirements of a request. */
    public static final int MAX_REQUIREMENTS = 1_000;

    /** Most installed releases that a request names. */
    public static final int MAX_INSTALLED = 10_000;

    /** Most releases that an index document may list. */
    public static final int MAX_RELEASES = 100_000;

    /** Most steps that a plan may have. */
    public static final int MAX_STEPS = 20_000;

    /** Most dependencies of one release. */
    public static final int MAX_REQUIRES = 20_000;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_STRING = 4_096;
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

    /** Reads what {@link #requires} writes. Throws IllegalArgumentException. */
    public static List<Dependency> readRequires(String json) {
        JsonNode requires = parse(json);
        List<Dependency> dependencies = new ArrayList<>();
        for (JsonNode dependency : requires) {
            dependencies.add(dependency(JsonObject.of(dependency)));
        }
        return dependencies;
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
                line.optionalText("host", VersionRange::parse),
                status(line),
                line.optionalText("published_at", ResolveJson::instant));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time as RFC 3339 writes it in UTC", malformed);
        }
    }

    /** Puts {@code status}, {@code reason} and {@code deprecated}. */
    public static void putStatus(ObjectNode json, ReleaseStatus status) {
        json.put("status", status.state().name().toLowerCase(Locale.ROOT));
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
                .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(text))
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
                dependency.text("range", VersionRange::parse),
                dependency.flag("optional"));
    }

    public static String request(ResolveRequest request) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode requirements = json.putArray("requirements");
        for (Requirement requirement : request.requirements()) {
            requirements
                    .addObject()
                    .put("plugin", requirement.plugin().toString())
                    .put("range", requirement.range().toString());
        }
        ArrayNode installed = json.putArray("installed");
        request.installed().forEach(coordinate -> installed.add(coordinate.toString()));
        request.host().ifPresent(host -> json.put("host", host.toString()));
        json.put("include_prereleases", request.includePrereleases());
        return json.toString();
    }

    /** Throws IllegalArgumentException with a sentence that names the field and the fix. */
    public static ResolveRequest readRequest(String json) {
        JsonObject request = JsonObject.of(parse(json));
        request.allowOnly(Set.of("requirements", "installed", "host", "include_prereleases"));
        List<Requirement> requirements = new ArrayList<>();
        for (JsonObject requirement : request.objects("requirements", MAX_REQUIREMENTS)) {
            requirement.allowOnly(Set.of("plugin", "range"));
            requirements.add(
                    new Requirement(
                            requirement.text("plugin", PluginId::parse),
                            requirement
                                    .optionalText("range", VersionRange::parse)
                                    .orElseGet(() -> VersionRange.parse("*"))));
        }
        if (requirements.isEmpty()) {
            throw new IllegalArgumentException(
                    "/requirements is missing or empty: name at least one plugin, as in"
                            + " {\"requirements\":[{\"plugin\":\"acme/x\",\"range\":\"^1\"}]}");
        }
        Optional<Version> host = request.optionalText("host", Version::parse);
        return new ResolveRequest(
                requirements,
                request.texts("installed", MAX_INSTALLED, Coordinate::parse),
                host,
                request.flag("include_prereleases"));
    }

    public static String plan(Plan plan) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode steps = json.putArray("steps");
        for (Plan.Step step : plan.steps()) {
            ObjectNode node = steps.addObject();
            node.put("coordinate", step.coordinate().toString());
            node.put("digest", step.digest().toString());
            node.put("size", step.size());
            node.put("url", step.url());
            ArrayNode requires = node.putArray("requires");
            step.requires().forEach(coordinate -> requires.add(coordinate.toString()));
        }
        return json.toString();
    }

    /** Reads a plan; unknown fields are skipped. Throws IllegalArgumentException. */
    public static Plan readPlan(String json) {
        JsonObject plan = JsonObject.of(parse(json));
        return new Plan(
                plan.objects("steps", MAX_STEPS).stream()
                        .map(
                                step ->
                                        new Plan.Step(
                                                step.text("coordinate", Coordinate::parse),
                                                step.text("digest", Digest::parse),
                                                step.size("size"),
                                                step.text("url", url -> url),
                                                step.texts(
                                                        "requires",
                                                        MAX_REQUIRES,
                                                        Coordinate::parse)))
                        .toList());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "this is not JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }
}
