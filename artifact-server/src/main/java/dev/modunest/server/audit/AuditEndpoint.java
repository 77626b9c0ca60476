package dev.modunest.server.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditStore;
import dev.modunest.db.Database;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code GET /api/v1/audit}: the newest entries first, for administrators. */
public final class AuditEndpoint {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LIMIT = 100;
    private static final int DEFAULT_LIMIT = 20;

    /** A coordinate: two parts of 64, and a version of 256. */
    private static final int MAX_SUBJECT = 400;

    private final Database database;

    public AuditEndpoint(Database database) {
        this.database = database;
    }

    public void get(ServerRequest request, ServerResponse response) {
        Optional<String> subject =
                request.query().first("subject").asOptional().map(AuditEndpoint::subject);
        int limit =
                (int) number(request, "limit", MAX_LIMIT).orElse((long) DEFAULT_LIMIT).longValue();
        Optional<Long> before = number(request, "cursor", Long.MAX_VALUE);
        List<AuditStore.Kept> found =
                database.read(tx -> tx.audit().list(subject, before, limit + 1));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                page(found, subject, limit).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String subject(String text) {
        if (text.length() > MAX_SUBJECT || text.chars().anyMatch(Character::isISOControl)) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    "subject has "
                            + text.length()
                            + " characters; it is a coordinate, a plugin or a namespace: at most "
                            + MAX_SUBJECT
                            + ", without control characters");
        }
        return text;
    }

    private static Optional<Long> number(ServerRequest request, String name, long most) {
        return request.query().first(name).asOptional().map(text -> number(name, text, most));
    }

    private static long number(String name, String text, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw invalid(name, text, most);
        }
        throw invalid(name, text, most);
    }

    private static Rejection invalid(String name, String text, long most) {
        return new Rejection(
                ProblemCode.PARAMETER_INVALID,
                name + " is 1 to " + most + ", not '" + text + "'; take cursors from next");
    }

    private static ObjectNode page(
            List<AuditStore.Kept> found, Optional<String> subject, int limit) {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode entries = page.putArray("entries");
        found.stream().limit(limit).forEach(entry -> entries.add(entry(entry)));
        if (found.size() > limit) {
            page.put(
                    "next",
                    "/api/v1/audit?limit="
                            + limit
                            + subject.map(
                                            text ->
                                                    "&subject="
                                                            + URLEncoder.encode(
                                                                    text, StandardCharsets.UTF_8))
                                    .orElse("")
                            + "&cursor="
                            + found.get(limit - 1).id());
        }
        return page;
    }

    private static ObjectNode entry(AuditStore.Kept entry) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("at", entry.at().toString())
                        .put("account", entry.account())
                        .put("action", entry.action())
                        .put("subject", entry.subject());
        entry.reason().ifPresent(reason -> document.put("reason", reason));
        entry.requestId().ifPresent(id -> document.put("request_id", id));
        JsonNode detail = read(entry.detail());
        if (!detail.isEmpty()) {
            document.set("detail", detail);
        }
        return document;
    }

    private static JsonNode read(String detail) {
        try {
            return JSON.readTree(detail);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("an entry of the audit cannot be read", corrupt);
        }
    }
}
