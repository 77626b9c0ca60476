package dev.modunest.format.resolve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.ResolvePolicy.MinimumAge;
import dev.modunest.format.resolve.ResolvePolicy.Preference;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The JSON of resolve requests. Thread-safe. */
public final class RequestJson {

    private static final Set<String> POLICY =
            Set.of("include_prereleases", "min_age", "as_of", "prefer");
    private static final Set<String> FIELDS =
            Set.of(
                    "requirements",
                    "locked",
                    "installed",
                    "host",
                    "include_prereleases",
                    "min_age",
                    "as_of",
                    "prefer");

    private RequestJson() {}

    public static String write(ResolveRequest request) {
        ObjectNode json = newObject();
        put(json, request.requirements());
        put(json, "locked", request.locked());
        put(json, "installed", request.installed());
        request.host().ifPresent(host -> json.put("host", host.toString()));
        put(json, request.policy());
        return json.toString();
    }

    static ObjectNode newObject() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void put(ObjectNode json, List<Requirement> requirements) {
        ArrayNode array = json.putArray("requirements");
        for (Requirement requirement : requirements) {
            array.addObject()
                    .put("plugin", requirement.plugin().toString())
                    .put("range", requirement.range().toString());
        }
    }

    private static void put(ObjectNode json, String name, List<Coordinate> coordinates) {
        ArrayNode array = json.putArray(name);
        coordinates.forEach(coordinate -> array.add(coordinate.toString()));
    }

    static void put(ObjectNode json, ResolvePolicy policy) {
        json.put("include_prereleases", policy.includePrereleases());
        policy.minimumAge()
                .ifPresent(
                        minimum ->
                                json.put("min_age", minimum.age().toString())
                                        .put("as_of", minimum.asOf().toString()));
        json.put("prefer", word(policy.preference()));
    }

    /**
     * Reads a request.
     *
     * @param now taken for {@code as_of} when the request has none
     * @throws IllegalArgumentException with a sentence that names the field and the fix
     */
    public static ResolveRequest read(String json, Instant now) {
        JsonObject request = JsonObject.of(ResolveJson.parse(json));
        request.allowOnly(FIELDS);
        return new ResolveRequest(
                requirements(request),
                request.texts("locked", ResolveJson.MAX_INSTALLED, Coordinate::parse),
                request.texts("installed", ResolveJson.MAX_INSTALLED, Coordinate::parse),
                request.optionalText("host", Version::parse),
                policy(request, Optional.of(now)));
    }

    static List<Requirement> requirements(JsonObject request) {
        List<Requirement> requirements = new ArrayList<>();
        for (JsonObject requirement :
                request.objects("requirements", ResolveJson.MAX_REQUIREMENTS)) {
            requirement.allowOnly(Set.of("plugin", "range"));
            requirements.add(
                    new Requirement(
                            requirement.text("plugin", PluginId::parse),
                            requirement
                                    .optionalText("range", RangeCache::range)
                                    .orElseGet(() -> RangeCache.range("*"))));
        }
        if (requirements.isEmpty()) {
            throw new IllegalArgumentException(
                    "/requirements is missing or empty: name at least one plugin, as in"
                            + " {\"requirements\":[{\"plugin\":\"acme/x\",\"range\":\"^1\"}]}");
        }
        return requirements;
    }

    /** The policy of a lock, which names its time. */
    static ResolvePolicy policy(JsonObject policy) {
        policy.allowOnly(POLICY);
        return policy(policy, Optional.empty());
    }

    private static ResolvePolicy policy(JsonObject json, Optional<Instant> now) {
        Optional<Duration> age = json.optionalText("min_age", RequestJson::duration);
        Optional<Instant> asOf = json.optionalText("as_of", ResolveJson::instant);
        if (age.isPresent() && asOf.isEmpty() && now.isEmpty()) {
            throw new IllegalArgumentException("as_of is missing beside min_age");
        }
        return new ResolvePolicy(
                json.flag("include_prereleases"),
                age.map(value -> new MinimumAge(value, asOf.or(() -> now).orElseThrow())),
                json.optionalText("prefer", RequestJson::preference).orElse(Preference.HIGHEST));
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration: write P3D or PT12H", malformed);
        }
    }

    private static Preference preference(String text) {
        for (Preference preference : Preference.values()) {
            if (word(preference).equals(text)) {
                return preference;
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not a preference: highest or installed");
    }

    private static String word(Preference preference) {
        return preference.name().toLowerCase(Locale.ROOT);
    }
}
