package dev.modunest.server.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.format.Digest;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

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
 * A small JSON object that a request brings, with known fields only; what is wrong with it is a
 * {@link Rejection} that names the field.
 */
public final class JsonBody {

    private static final int MAX_BYTES = 64 << 10;
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final JsonNode object;
    private final String digest;

    private JsonBody(JsonNode object, String digest) {
        this.object = object;
        this.digest = digest;
    }

    /** Reads the body of {@code request}; fields other than {@code known} are refused. */
    public static JsonBody read(ServerRequest request, Set<String> known) {
        byte[] body = bytes(request);
        JsonNode object = parse(body);
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw invalid("The field " + name + " is not known; there are " + known);
            }
        }
        return new JsonBody(object, Digest.ofBytes(body).toString());
    }

    private static byte[] bytes(ServerRequest request) {
        try (BodyStream in = new BodyStream(request)) {
            byte[] body = in.readNBytes(MAX_BYTES + 1);
            if (body.length > MAX_BYTES) {
                throw new Rejection(
                        ProblemCode.BODY_TOO_LARGE,
                        "The body has more than " + MAX_BYTES + " bytes; shorten it");
            }
            return body;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private static JsonNode parse(byte[] body) {
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

    private static Rejection invalid(String detail) {
        return new Rejection(ProblemCode.CHANGE_INVALID, detail);
    }

    /** By which a retry of the same request is known. */
    public String digest() {
        return digest;
    }

    /** A text of 1 to {@code most} characters, without control characters. */
    public Optional<String> find(String field, int most) {
        JsonNode value = object.path(field);
        return value.isMissingNode() || value.isNull()
                ? Optional.empty()
                : Optional.of(text(field, value, most));
    }

    public String require(String field, int most) {
        return find(field, most).orElseThrow(() -> invalid("The field " + field + " is missing"));
    }

    private static String text(String field, JsonNode value, int most) {
        String text = value.asText();
        if (!value.isTextual()
                || text.isBlank()
                || text.length() > most
                || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    field
                            + " is a text of 1 to "
                            + most
                            + " characters without control characters");
        }
        return text;
    }

    /** At most {@code most} texts of at most {@code length} characters; none when it is absent. */
    public List<String> texts(String field, int most, int length) {
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return List.of();
        }
        if (!value.isArray() || value.size() > most) {
            throw invalid(field + " is a list of at most " + most + " texts");
        }
        List<String> texts = new ArrayList<>();
        value.forEach(element -> texts.add(text(field, element, length)));
        return texts;
    }

    public Optional<Boolean> flag(String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw invalid(field + " is true or false");
        }
        return Optional.of(value.asBoolean());
    }

    /** A time as RFC 3339 writes it in UTC. */
    public Optional<Instant> instant(String field) {
        return find(field, 40)
                .map(
                        text -> {
                            try {
                                return Instant.parse(text);
                            } catch (DateTimeException malformed) {
                                throw invalid(
                                        field
                                                + " is a time as RFC 3339 writes it in UTC, 2026-11-01T12:00:00Z, not '"
                                                + text
                                                + "'");
                            }
                        });
    }
}
