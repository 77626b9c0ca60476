package dev.modunest.format.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * A problem document (RFC 9457), {@code application/problem+json}.
 *
 * @param type stable, {@code https://modunest.dev/problems/<code>}, listed in {@code
 *     docs/api/problems.md}
 * @param title the same for every occurrence of the type
 * @param detail this occurrence: the limit, the actual value, the next step
 * @param instance the path of the request
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        List<Fault> errors,
        String requestId) {

    public static final String MEDIA_TYPE = "application/problem+json";
    public static final String TYPE_PREFIX = "https://modunest.dev/problems/";

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    /**
     * One of several faults.
     *
     * @param code stable, kebab-case
     * @param where JSON pointer, entry name or header; may be empty
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Fault(String code, String where, String detail, String fix) {
        public Fault {
            code = textOf(code);
            where = textOf(where);
            detail = textOf(detail);
            fix = textOf(fix);
        }
    }

    public Problem {
        title = textOf(title);
        detail = textOf(detail);
        instance = textOf(instance);
        requestId = textOf(requestId);
        errors = errors == null ? List.of() : List.copyOf(errors);
    }

    /** Documents of others leave fields out, which Jackson gives as null. */
    private static String textOf(@Nullable String field) {
        return field == null ? "" : field;
    }

    /** The last part of the type. */
    public String code() {
        return type.startsWith(TYPE_PREFIX) ? type.substring(TYPE_PREFIX.length()) : type;
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a problem is always JSON", impossible);
        }
    }

    /** Reads a problem document; empty when {@code json} is none. */
    public static Optional<Problem> read(byte[] json) {
        try {
            Problem problem = JSON.readValue(json, Problem.class);
            return problem == null || problem.type() == null
                    ? Optional.empty()
                    : Optional.of(problem);
        } catch (java.io.IOException notAProblem) {
            return Optional.empty();
        }
    }
}
