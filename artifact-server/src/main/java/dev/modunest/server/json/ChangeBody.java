package dev.modunest.server.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.settings.ByteSize;

import io.helidon.webserver.http.ServerRequest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON object of a request that changes something: bounded, read strictly, and what is wrong
 * with it is a {@link Rejection} that names the field.
 *
 * @param digest of the bytes that were sent
 */
public record ChangeBody(JsonNode object, Digest digest) {

    private static final int MAX_NAME = 64;
    private static final int MAX_INSTANT = 40;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** Reads the body, which has these fields and no others. */
    public static ChangeBody read(ServerRequest request, ByteSize most, Set<String> fields) {
        byte[] bytes = bytes(request, (int) most.bytes());
        ChangeBody body = new ChangeBody(object(bytes), Digest.ofBytes(bytes));
        body.requireFields(fields);
        return body;
    }

    private static byte[] bytes(ServerRequest request, int most) {
        if (request.headers().contentLength().orElse(0) > most) {
            throw tooLarge(most);
        }
        try (BodyStream in = new BodyStream(request)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw tooLarge(most);
            }
            return bytes;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private static Rejection tooLarge(int most) {
        return new Rejection(
                ProblemCode.BODY_TOO_LARGE,
                "The body has more than the "
                        + most
                        + " bytes that a change may have; shorten its texts");
    }

    private static JsonNode object(byte[] bytes) {
        try {
            JsonNode tree = JSON.readTree(bytes);
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

    private void requireFields(Set<String> known) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw invalid("The field " + name + " is not known");
            }
        }
    }

    public boolean has(String field) {
        return object.has(field);
    }

    /** A line of text. */
    public Optional<String> findText(String field, int most) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        String text = value.asText().strip();
        if (!value.isTextual()
                || text.isEmpty()
                || text.length() > most
                || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(field + " is a text of one line of 1 to " + most + " characters");
        }
        return Optional.of(text);
    }

    /** The same, which has to be there. */
    public String text(String field, int most) {
        return findText(field, most).orElseThrow(() -> invalid("The body does not have " + field));
    }

    /** A part of a plugin id, which is also the form of other names. */
    public String name(String field) {
        return findName(field).orElseThrow(() -> invalid("The body does not have " + field));
    }

    /** The same, if it is there. */
    public Optional<String> findName(String field) {
        Optional<String> name = findText(field, MAX_NAME);
        name.filter(text -> !PluginId.isPart(text))
                .ifPresent(
                        text -> {
                            throw invalid(
                                    field
                                            + " is '"
                                            + text
                                            + "', which is no name: "
                                            + PluginId.RULE);
                        });
        return name;
    }

    /** One of these words. */
    public Optional<String> findWord(String field, Set<String> words) {
        Optional<String> word = findText(field, MAX_NAME);
        word.filter(text -> !words.contains(text))
                .ifPresent(
                        text -> {
                            throw invalid(
                                    field
                                            + " is '"
                                            + text
                                            + "' and not one of "
                                            + words.stream().sorted().toList());
                        });
        return word;
    }

    public Optional<Boolean> findBoolean(String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw invalid(field + " is true or false");
        }
        return Optional.of(value.asBoolean());
    }

    public Optional<Instant> findInstant(String field) {
        return findText(field, MAX_INSTANT).map(text -> instant(field, text));
    }

    private static Instant instant(String field, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw invalid(field + " is a time as RFC 3339 writes it in UTC, not '" + text + "'");
        }
    }

    /** A list of at most {@code most} texts; empty when it is not there. */
    public List<String> texts(String field, int most) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        value.forEach(text -> texts.add(text.isTextual() ? text.asText() : ""));
        if (!value.isArray() || texts.size() > most || texts.contains("")) {
            throw invalid(field + " is a list of at most " + most + " texts");
        }
        return texts;
    }

    /** The object in a field, which has these fields and no others. */
    public ChangeBody inner(String field, Set<String> fields) {
        JsonNode value = object.path(field);
        if (!value.isObject()) {
            throw invalid(field + " is not an object");
        }
        ChangeBody inner = new ChangeBody(value, digest);
        inner.requireFields(fields);
        return inner;
    }

    /** What is answered to a body that cannot be understood. */
    public static Rejection invalid(String detail) {
        return new Rejection(
                ProblemCode.CHANGE_INVALID, detail + "; /openapi.yaml has the form of the request");
    }
}
