package dev.modunest.server.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.problem.Rejection;

import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a merge patch (RFC 7396) asks of a release: of each fact nothing, to set it, or to take it
 * back.
 */
record ReleasePatch(
        Optional<Setting<String>> yanked,
        Optional<Setting<ReleaseStatus.Deprecation>> deprecated,
        Optional<Setting<String>> quarantined) {

    static final Set<String> FIELDS = Set.of("yanked", "deprecated", "quarantined");
    static final int MAX_REASON = 500;

    /** The fact as it is to be; empty: it is taken back. */
    record Setting<T>(Optional<T> value) {}

    static ReleasePatch read(JsonNode patch) {
        if (patch.isEmpty()) {
            throw invalid("The body has none of yanked, deprecated and quarantined");
        }
        return new ReleasePatch(
                setting(patch, "yanked", ReleasePatch::onlyReason),
                setting(patch, "deprecated", ReleasePatch::deprecation),
                setting(patch, "quarantined", ReleasePatch::onlyReason));
    }

    private static void requireFields(JsonNode object, String where, Set<String> known) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw invalid("In " + where + " the field " + name + " is not known");
            }
        }
    }

    private static <T> Optional<Setting<T>> setting(
            JsonNode patch, String name, Function<JsonNode, T> read) {
        if (!patch.has(name)) {
            return Optional.empty();
        }
        JsonNode value = patch.get(name);
        if (value.isNull()) {
            return Optional.of(new Setting<>(Optional.empty()));
        }
        if (!value.isObject()) {
            throw invalid(name + " is neither null nor an object with a reason");
        }
        return Optional.of(new Setting<>(Optional.of(read.apply(value))));
    }

    private static String onlyReason(JsonNode value) {
        requireFields(value, "the value", Set.of("reason"));
        return reason(value.path("reason").asText());
    }

    private static ReleaseStatus.Deprecation deprecation(JsonNode value) {
        requireFields(value, "deprecated", Set.of("reason", "replacement"));
        JsonNode replacement = value.path("replacement");
        return new ReleaseStatus.Deprecation(
                reason(value.path("reason").asText()),
                replacement.isMissingNode() || replacement.isNull()
                        ? Optional.empty()
                        : Optional.of(plugin(replacement.asText())));
    }

    private static PluginId plugin(String text) {
        try {
            return PluginId.parse(text);
        } catch (IllegalArgumentException malformed) {
            throw invalid("The replacement is no plugin: " + malformed.getMessage());
        }
    }

    /** A reason as it is kept; throws {@link Rejection} when it says nothing or too much. */
    static String reason(String text) {
        String reason = text.strip();
        if (reason.isEmpty()
                || reason.length() > MAX_REASON
                || reason.codePoints().anyMatch(ReleasePatch::isNoText)) {
            throw invalid(
                    "The reason has "
                            + reason.length()
                            + " characters; it is one line of 1 to "
                            + MAX_REASON
                            + ", for the people who depend on the release");
        }
        return reason;
    }

    /** Controls, and halves of surrogate pairs, which no JSON of others has to take. */
    private static boolean isNoText(int character) {
        return Character.isISOControl(character)
                || Character.getType(character) == Character.SURROGATE;
    }

    private static Rejection invalid(String detail) {
        return JsonBody.invalid(detail);
    }
}
