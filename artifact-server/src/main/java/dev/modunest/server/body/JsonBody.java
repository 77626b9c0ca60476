package dev.modunest.server.body;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.settings.ByteSize;

import io.helidon.webserver.http.ServerRequest;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A JSON object that a client sent, each name once and none that is not known. Every method throws
 * {@link Rejection} for what is not as it should be.
 *
 * @param digest of the body as it came, by which a retry is told from another request
 */
public record JsonBody(JsonNode object, String digest) {

    private static final int MAX_INSTANT = 40;
    private static final int MAX_NAME = 64;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** Reads at most {@code most} bytes. */
    public static JsonBody read(ServerRequest request, int most, Set<String> known) {
        return read(SmallBody.read(request, most), known);
    }

    /** The same, with the bound of a setting. */
    public static JsonBody read(ServerRequest request, ByteSize most, Set<String> known) {
        return read(request, (int) most.bytes(), known);
    }

    static JsonBody read(byte[] body, Set<String> known) {
        JsonNode object = object(body);
        requireKnown(object, known);
        return new JsonBody(object, Digest.ofBytes(body).toString());
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree != null && tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException malformed) {
            throw invalid("The body is not JSON: " + malformed.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes in memory are read", impossible);
        }
        throw invalid("The body is not a JSON object");
    }

    /** Throws when {@code object} has another field. */
    public static void requireKnown(JsonNode object, Set<String> known) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw invalid("The field " + name + " is not known");
            }
        }
    }

    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** A line of 1 to {@code most} characters, without spaces around it. */
    public String line(String name, int most) {
        if (!has(name)) {
            throw invalid("The body does not have " + name);
        }
        return line(object, name, most);
    }

    /** The same of an object in the body. */
    public static String line(JsonNode object, String name, int most) {
        JsonNode value = object.path(name);
        String text = value.isTextual() ? value.asText().strip() : "";
        if (text.isEmpty()
                || text.length() > most
                || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(name + " is a line of 1 to " + most + " characters");
        }
        return text;
    }

    public Optional<String> findLine(String name, int most) {
        return has(name) ? Optional.of(line(name, most)) : Optional.empty();
    }

    /** A part of a plugin id, which is also the form of other names. */
    public String name(String name) {
        return findName(name).orElseThrow(() -> invalid("The body does not have " + name));
    }

    /** The same, if it is there. */
    public Optional<String> findName(String name) {
        Optional<String> value = findLine(name, MAX_NAME);
        value.filter(text -> !PluginId.isPart(text))
                .ifPresent(
                        text -> {
                            throw invalid(
                                    name
                                            + " is '"
                                            + text
                                            + "', which is no name: "
                                            + PluginId.RULE);
                        });
        return value;
    }

    /** One of these words. */
    public Optional<String> findWord(String name, Set<String> words) {
        Optional<String> word = findLine(name, MAX_NAME);
        word.filter(text -> !words.contains(text))
                .ifPresent(
                        text -> {
                            throw invalid(
                                    name
                                            + " is '"
                                            + text
                                            + "' and not one of "
                                            + words.stream().sorted().toList());
                        });
        return word;
    }

    /** The object in a field, which has these fields and no others. */
    public JsonBody inner(String name, Set<String> known) {
        JsonNode value = object.path(name);
        if (!value.isObject()) {
            throw invalid(name + " is not an object");
        }
        requireKnown(value, known);
        return new JsonBody(value, digest);
    }

    /** A list of at most {@code most} texts; empty when it is not there. */
    public List<String> findTexts(String name, int most) {
        return has(name) && !object.get(name).isEmpty() ? texts(name, most) : List.of();
    }

    /** 1 to {@code most} texts. */
    public List<String> texts(String name, int most) {
        JsonNode values = object.path(name);
        if (!values.isArray() || values.isEmpty() || values.size() > most) {
            throw invalid(name + " is a list of 1 to " + most + " texts");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode value : values) {
            if (!value.isTextual() || value.asText().isEmpty()) {
                throw invalid(name + " has something that is no text");
            }
            texts.add(value.asText());
        }
        return List.copyOf(texts);
    }

    /** A text as it was written, of 1 to {@code most} characters without control characters. */
    public Optional<String> findText(String name, int most) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = object.get(name);
        String text = value.asText();
        if (!value.isTextual()
                || text.isEmpty()
                || text.length() > most
                || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    name + " is a text of 1 to " + most + " characters without control characters");
        }
        return Optional.of(text);
    }

    public String text(String name, int most) {
        return findText(name, most).orElseThrow(() -> invalid("The field " + name + " is missing"));
    }

    public Optional<Boolean> findFlag(String name) {
        if (!has(name)) {
            return Optional.empty();
        }
        if (!object.get(name).isBoolean()) {
            throw invalid(name + " is true or false");
        }
        return Optional.of(object.get(name).asBoolean());
    }

    /** A time as RFC 3339 writes it in UTC. */
    public Optional<Instant> findInstant(String name) {
        return findText(name, MAX_INSTANT).map(text -> instant(name, text));
    }

    private static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw invalid(
                    name
                            + " is a time as RFC 3339 writes it in UTC, 2026-11-01T12:00:00Z, not '"
                            + text
                            + "'");
        }
    }

    public Optional<Long> findNumber(String name, long least, long most) {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode value = object.get(name);
        if (!value.canConvertToLong()
                || !value.isIntegralNumber()
                || value.asLong() < least
                || value.asLong() > most) {
            throw invalid(name + " is a whole number from " + least + " to " + most);
        }
        return Optional.of(value.asLong());
    }

    /** What is answered to a body that is not as it should be. */
    public static Rejection invalid(String detail) {
        return new Rejection(
                ProblemCode.CHANGE_INVALID, detail + "; /openapi.yaml has the form of the request");
    }
}
